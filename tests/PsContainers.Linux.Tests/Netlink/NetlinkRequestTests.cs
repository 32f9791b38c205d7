using PsContainers.Linux.Interop;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

/// <summary>Bytes as netlink(7) has them, on a little-endian machine.</summary>
public sealed class NetlinkRequestTests
{
    [Fact]
    public void Attributes_are_padded_and_nests_know_their_length()
    {
        Span<byte> buffer = stackalloc byte[64];
        buffer.Fill(0xff);
        var request = new NetlinkRequest(buffer, 16, 4);

        request.PutString(3, "ab");
        var nest = request.BeginNest(18);
        request.Put(1, (byte)7);
        request.EndNest(nest);

        Assert.Equal(
            [
                36, 0, 0, 0, 16, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0,
                7, 0, 3, 0, (byte)'a', (byte)'b', 0, 0,
                12, 0, 18, 0x80, 5, 0, 1, 0, 7, 0, 0, 0,
            ],
            request.Finish(9).ToArray());
    }

    [Fact]
    public void What_is_put_is_what_is_read()
    {
        var request = new NetlinkRequest(stackalloc byte[128], 16, 0);
        request.PutString(3, "eth0");
        var nest = request.BeginNest(18);
        request.Put(1, 1500u);
        request.EndNest(nest);
        var packet = request.Finish(1);

        Assert.True(NetlinkMessage.TryTake(ref packet, out var message));
        var attributes = message.Attributes(0);
        Assert.True(attributes.MoveNext());
        Assert.Equal("eth0", attributes.Text);
        Assert.True(attributes.MoveNext());
        Assert.Equal(18, attributes.Type);
        var inner = attributes.Nested;
        Assert.True(inner.MoveNext());
        Assert.Equal(1500u, inner.Read<uint>());
        Assert.False(attributes.MoveNext());
        Assert.False(NetlinkMessage.TryTake(ref packet, out _));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 4, 0, 1 })]
    [InlineData(new byte[] { 3, 0, 1, 0 })]
    [InlineData(new byte[] { 9, 0, 1, 0, 1, 2, 3, 4 })]
    public void Damaged_attribute_ends_the_walk(byte[] bytes)
    {
        var attributes = new NetlinkAttributes(bytes);

        Assert.False(attributes.MoveNext());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(-1)]
    public void Damaged_message_ends_the_packet(int length)
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, length);
        ReadOnlySpan<byte> packet = bytes;

        Assert.False(NetlinkMessage.TryTake(ref packet, out _));
    }

    [Fact]
    public void Words_are_found_behind_a_request_that_is_repeated_whole()
    {
        var answer = new NetlinkRequest(
            stackalloc byte[128], RouteConstants.NLMSG_ERROR, RouteConstants.NLM_F_ACK_TLVS & ~RouteConstants.NLM_F_REQUEST);
        answer.Put(-95);
        answer.Put(20); // the request's own length: header and one number
        answer.Put((0L, 0L));
        answer.PutString(RouteConstants.NLMSGERR_ATTR_MSG, "no.\n");
        var packet = answer.Finish(1);

        NetlinkMessage.TryTake(ref packet, out var message);

        Assert.Equal(Errno.EOPNOTSUPP, message.Error);
        Assert.Equal("no", message.Words());
    }
}
