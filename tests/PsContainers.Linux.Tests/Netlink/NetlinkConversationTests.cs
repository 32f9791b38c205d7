using System.Net.Sockets;
using PsContainers.Linux.Interop;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

/// <summary>What no test can make the kernel say: a thread at the other end of a socket says it.</summary>
public sealed class NetlinkConversationTests
{
    private const ushort Multi = RouteConstants.NLM_F_MULTI;
    private const ushort Interrupted = RouteConstants.NLM_F_MULTI | RouteConstants.NLM_F_DUMP_INTR;

    [Theory]
    [InlineData(Interrupted, Multi)]
    [InlineData(Multi, Interrupted)]
    public void List_that_was_changed_meanwhile_is_read_again(ushort flagsOfEntry, ushort flagsOfEnd)
    {
        var found = Read((tries, sequence) => tries < 3
            ? [Entry(1, flagsOfEntry, sequence), End(0, flagsOfEnd, sequence)]
            : [Entry(2, Multi, sequence), End(0, Multi, sequence)]);

        Assert.Equal([2], found.Select(link => link.Index));
    }

    [Fact]
    public void List_that_never_stays_as_it_is_is_given_up()
    {
        var error = Assert.Throws<LinuxException>(() => Read((_, sequence) => [End(0, Interrupted, sequence)]));

        Assert.Equal(
            "list links: Resource temporarily unavailable (EAGAIN): it was changed 32 times while it was read", error.Message);
    }

    [Fact]
    public void Answers_to_others_are_not_for_us()
    {
        var found = Read((_, sequence) =>
            [Entry(7, Multi, sequence - 1), End(-1, Multi, sequence - 1), Entry(1, Multi, sequence), End(0, Multi, sequence)]);

        Assert.Equal([1], found.Select(link => link.Index));
    }

    [Fact]
    public void Error_at_the_end_of_a_list_is_an_error()
    {
        var error = Assert.Throws<LinuxException>(() => Read((_, sequence) => [End(-(int)Errno.ENOMEM, Multi, sequence)]));

        Assert.Equal(Errno.ENOMEM, error.Errno);
    }

    private static List<Link> Read(Func<int, uint, byte[][]> answers)
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            using var near = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            using var far = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            near.Bind(new UnixDomainSocketEndPoint($"{directory.FullName}/near"));
            far.Bind(new UnixDomainSocketEndPoint($"{directory.FullName}/far"));
            near.Connect(far.LocalEndPoint!);
            far.Connect(near.LocalEndPoint!);
            far.ReceiveTimeout = 5000;
            using var socket = new NetlinkSocket();
            socket.Adopt(Libc.fcntl((int)near.Handle, Libc.F_DUPFD_CLOEXEC, 0));
            var other = new Thread(() => Answer(far, answers));
            other.Start();
            try
            {
                using var kernel = new NetlinkConversation(socket);
                var request = new NetlinkRequest(stackalloc byte[64], RouteConstants.RTM_GETLINK, RouteConstants.NLM_F_DUMP);
                return kernel.Read<Link, string>(request, Link.Read, "list", "links", Errno.ENODEV);
            }
            finally
            {
                near.Send(ReadOnlySpan<byte>.Empty); // the other ends
                other.Join();
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Answer(Socket socket, Func<int, uint, byte[][]> answers)
    {
        var request = new byte[64];
        for (var tries = 1; socket.Receive(request) > 0; tries++)
        {
            foreach (var packet in answers(tries, BitConverter.ToUInt32(request, 8)))
            {
                socket.Send(packet);
            }
        }
    }

    private static byte[] Entry(int index, ushort flags, uint sequence)
    {
        var message = new NetlinkRequest(stackalloc byte[64], RouteConstants.RTM_NEWLINK, flags);
        message.Put(LinkPart.For(index, null));
        return message.Finish(sequence).ToArray();
    }

    private static byte[] End(int error, ushort flags, uint sequence)
    {
        var message = new NetlinkRequest(stackalloc byte[64], RouteConstants.NLMSG_DONE, flags);
        message.Put(error);
        return message.Finish(sequence).ToArray();
    }
}
