using System.Text;
using CsCheck;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Tests.Messages;

public sealed class DomainNameTests
{
    private static readonly Gen<byte[][]> _labels = Gen.Byte.Array[1, 63].Array[1, 5].Where(labels => labels.Sum(l => l.Length + 1) < 255);

    private static readonly Gen<char[][]> _words = Gen.Char['!', '~'].Where(c => c is not '.').Array[1, 20].Array[1, 5];

    [Fact]
    public void Names_that_were_written_are_read_again_in_lower_case() => _labels.Sample(labels =>
    {
        byte[] name = [.. labels.SelectMany(label => (byte[])[(byte)label.Length, .. label]), 0];
        byte[] message = [.. new byte[12], .. name, 99];

        Assert.True(Read(message, 12, out var read, out var end));
        Assert.Equal(message.Length - 1, end);
        Assert.Equal(labels.SelectMany(label => (byte[])[(byte)label.Length, .. label.Select(Lower)]).Append((byte)0), read);
    });

    [Fact]
    public void A_text_is_encoded_as_a_message_has_it() => _words.Sample(labels =>
    {
        var text = string.Join('.', labels.Select(label => new string(label)));
        var name = new byte[255];

        Assert.True(DomainName.TryEncode(Encoding.ASCII.GetBytes(text), name, out var length));
        Assert.True(Read([.. new byte[12], .. name[..length]], 12, out var read, out _));
        Assert.Equal(name[..length], read);
        Assert.Equal(labels.Length, DomainName.CountLabels(name));
    });

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    public void What_is_no_name_is_not_encoded(string text)
    {
        Assert.False(DomainName.TryEncode(Encoding.ASCII.GetBytes(text), new byte[255], out _));
    }

    [Fact]
    public void Names_and_labels_have_their_longest()
    {
        var name = new byte[255];
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));

        Assert.True(DomainName.TryEncode(Encoding.ASCII.GetBytes(longest), name, out var length));
        Assert.Equal(255, length);
        Assert.False(DomainName.TryEncode(Encoding.ASCII.GetBytes(longest + "d"), name, out _));
        Assert.False(DomainName.TryEncode(Encoding.ASCII.GetBytes(new string('a', 64)), name, out _));
    }

    [Fact]
    public void A_name_of_256_bytes_is_not_read()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];

        Assert.False(Read([.. new byte[12], .. label, .. label, .. label, 62, .. new byte[62], 0], 12, out _, out _));
        Assert.True(Read([.. new byte[12], .. label, .. label, .. label, 61, .. new byte[61], 0], 12, out _, out _));
    }

    [Fact]
    public void A_pointer_is_followed_and_the_name_ends_behind_it()
    {
        byte[] message = [.. new byte[12], 1, (byte)'B', 0, 1, (byte)'A', 0xc0, 12, 7];

        Assert.True(Read(message, 15, out var name, out var end));

        Assert.Equal("\u0001a\u0001b\0"u8.ToArray(), name);
        Assert.Equal(19, end);
    }

    [Theory]
    [InlineData(new byte[] { 0xc0, 12 })] // to itself
    [InlineData(new byte[] { 0xc0, 14, 0xc0, 12 })] // to and fro
    [InlineData(new byte[] { 1, 65, 0xc0, 12 })] // round and round
    [InlineData(new byte[] { 0xc0, 40 })] // behind the end
    [InlineData(new byte[] { 0xc0, 3 })] // into the header
    [InlineData(new byte[] { 0xc0 })]
    [InlineData(new byte[] { 0x40, 0 })] // a kind of label that never came to be
    [InlineData(new byte[] { 0x80, 0 })]
    [InlineData(new byte[] { 5, 65 })]
    [InlineData(new byte[] { 1, 65 })]
    [InlineData(new byte[] { })]
    public void What_is_no_name_is_not_read(byte[] bytes)
    {
        Assert.False(Read([.. new byte[12], .. bytes], 12, out _, out _));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 80].Select(Gen.Int[0, 90]).Sample((bytes, at) =>
    {
        var skipped = at;
        var isRead = Read(bytes, at, out _, out var end);

        Assert.True(!isRead || (end > at && end <= bytes.Length));
        if (isRead)
        {
            Assert.True(DomainName.TrySkip(bytes, ref skipped));
            Assert.Equal(end, skipped);
        }
    });

    private static bool Read(byte[] message, int at, out byte[] name, out int end)
    {
        var buffer = new byte[DomainName.MaximumLength];
        end = at;
        var isRead = DomainName.TryRead(message, ref end, buffer, out var length);
        name = buffer[..length];
        return isRead;
    }

    private static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value + 32) : value;
}
