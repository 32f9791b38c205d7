using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Tests.Interop;

namespace PsContainers.Linux.Tests.Bare;

public sealed unsafe class InternetSocketTests
{
    [Fact]
    public void An_endpoint_is_laid_out_as_the_header_has_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles($$"""
            #include <netinet/in.h>
            #include <stddef.h>
            _Static_assert(sizeof(struct sockaddr_in6) == {{Unsafe.SizeOf<InternetEndpoint>()}}, "size");
            _Static_assert(sizeof(struct sockaddr_in) == {{new InternetEndpoint(IPAddress.Loopback, 1).Length}}, "size");
            _Static_assert(offsetof(struct sockaddr_in, sin_addr) == 4 && offsetof(struct sockaddr_in6, sin6_addr) == 8, "address");
            _Static_assert(offsetof(struct sockaddr_in6, sin6_scope_id) == 24, "scope");
            """);
    }

    [Theory]
    [InlineData("10.1.0.2", 53, "10.1.0.2 port 53")]
    [InlineData("fd00::2", 65535, "fd00::2 port 65535")]
    public void An_endpoint_says_what_it_is(string address, int port, string text)
    {
        Assert.Equal(text, new InternetEndpoint(IPAddress.Parse(address), port).ToString());
    }

    [Fact]
    public void An_address_of_version_4_is_the_one_of_version_6_that_it_is_mapped_to()
    {
        var address = IPAddress.Parse("10.1.0.2");

        Assert.Equal(new InternetEndpoint(address.MapToIPv6(), 0).Address, new InternetEndpoint(address, 0).Address);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_datagram_comes_with_its_sender_and_the_loop_is_told(string address)
    {
        var server = new InternetEndpoint(IPAddress.Parse(address), 29_871);
        var receiver = Kernel.BindDatagrams(server);
        var sender = Kernel.OpenDatagrams(server.Family);
        var epoll = Kernel.OpenEvents();
        var buffer = stackalloc byte[16];
        var ready = new (uint, ulong)[4];
        try
        {
            Assert.Equal(0, Kernel.ControlEvents(epoll, Kernel.EPOLL_CTL_ADD, receiver, Kernel.EPOLLIN, 0x1234_5678_9abc_def0));
            Assert.Equal(0, Kernel.WaitForEvents(epoll, ready, 0));
            Assert.Equal(-(int)Errno.EAGAIN, Kernel.ReceiveFrom(receiver, buffer, 16, out _));

            fixed (byte* hello = "hello"u8)
            {
                Assert.Equal(5, Kernel.SendTo(sender, hello, 5, server));
            }

            Assert.Equal(1, Kernel.WaitForEvents(epoll, ready, 1000));
            Assert.Equal((Kernel.EPOLLIN, 0x1234_5678_9abc_def0u), ready[0]);
            Assert.Equal(5, Kernel.ReceiveFrom(receiver, buffer, 16, out var from));
            Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 5));
            Assert.Equal(server.Address, from.Address);
            Assert.Equal(-98, Kernel.BindDatagrams(server)); // EADDRINUSE
        }
        finally
        {
            Kernel.Close(epoll);
            Kernel.Close(sender);
            Kernel.Close(receiver);
        }
    }

    [Fact]
    public void A_directory_that_changes_is_told_of()
    {
        var directory = Directory.CreateTempSubdirectory("psc-watch-");
        var watch = Watch(directory.FullName);
        var buffer = stackalloc byte[4096];
        try
        {
            Assert.Equal(-(int)Errno.EAGAIN, Kernel.Read(watch, buffer, 4096));

            File.WriteAllText(Path.Join(directory.FullName, "a"), "");

            Assert.True(Kernel.Read(watch, buffer, 4096) > 0);
            File.Move(Path.Join(directory.FullName, "a"), Path.Join(directory.FullName, "b"));
            Assert.True(Kernel.Read(watch, buffer, 4096) > 0);
            File.ReadAllText(Path.Join(directory.FullName, "b"));
            Assert.Equal(-(int)Errno.EAGAIN, Kernel.Read(watch, buffer, 4096));
        }
        finally
        {
            Kernel.Close(watch);
            directory.Delete(recursive: true);
        }

        Assert.Equal(-(int)Errno.ENOENT, Watch(directory.FullName));
    }

    private static int Watch(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return Kernel.WatchDirectory(name);
        }
    }
}
