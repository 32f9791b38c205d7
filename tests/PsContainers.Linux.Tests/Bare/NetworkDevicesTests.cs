using System.Diagnostics;
using System.Text;
using PsContainers.Linux.Bare;

namespace PsContainers.Linux.Tests.Bare;

/// <summary>Each test in a thread with two network namespaces of its own; a link pair is in the first.</summary>
public sealed unsafe class NetworkDevicesTests
{
    [Fact]
    public void Link_arrives_under_its_new_name_and_is_up() => InNamespaces(target =>
    {
        Assert.Equal(0, Move(target, "left", "eth0"));

        Assert.DoesNotContain("left", Ip("-o link"), StringComparison.Ordinal);
        Enter(target);
        Assert.Contains("eth0@", Ip("-o link"), StringComparison.Ordinal);
        Assert.Contains("UP", Ip("-o link show eth0"), StringComparison.Ordinal);
    });

    [Fact]
    public void Link_goes_to_a_process() => InNamespaces(_ =>
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", "--net cat")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardInput.WriteLine("up");
        process.StandardInput.Flush();
        process.StandardOutput.ReadLine();
        fixed (byte* name = "left\0"u8)
        {
            Assert.Equal(0, NetworkDevices.MoveToProcess(process.Id, name, null));
        }

        Assert.DoesNotContain("left", Ip("-o link"), StringComparison.Ordinal);
        process.StandardInput.Close();
        process.WaitForExit();
    });

    [Fact]
    public void Permanent_global_addresses_are_kept_and_others_are_not() => InNamespaces(target =>
    {
        Ip("addr add 10.1.2.3/24 broadcast 10.1.2.255 dev left label left:1");
        Ip("addr add 10.1.2.4/24 dev left");
        Ip("addr add 10.9.0.1 peer 10.9.0.2/32 dev left metric 77");
        Ip("addr add 169.254.7.7/16 scope link dev left");
        Ip("addr add 10.1.3.3/24 valid_lft 500 preferred_lft 500 dev left");
        Ip("addr add fd00::7/64 dev left nodad");
        Ip("addr add 10.7.7.7/24 dev right");

        Assert.Equal(0, Move(target, "left", null));

        Enter(target);
        var addresses = Ip("-o addr show left");
        Assert.Contains("inet 10.1.2.3/24 brd 10.1.2.255 scope global left", addresses, StringComparison.Ordinal);
        Assert.Contains("inet 10.1.2.4/24", addresses, StringComparison.Ordinal);
        Assert.Contains("inet 10.9.0.1 peer 10.9.0.2/32 metric 77", addresses, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00::7/64", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("169.254", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.3.3", addresses, StringComparison.Ordinal);
        Assert.DoesNotContain("10.7.7.7", addresses, StringComparison.Ordinal);
    });

    [Fact]
    public void Many_addresses_are_kept() => InNamespaces(target =>
    {
        for (var i = 1; i <= 100; i++)
        {
            Ip($"addr add 10.1.2.{i}/24 dev left");
        }

        Assert.Equal(0, Move(target, "left", null));

        Enter(target);
        Assert.Equal(100, Ip("-o -4 addr show left").Split('\n').Count(line => line.Contains("10.1.2.", StringComparison.Ordinal)));
    });

    [Fact]
    public void Name_that_is_taken_is_refused_before_anything_happens() => InNamespaces(target =>
    {
        Ip("addr add 10.1.2.3/24 dev left");
        Assert.Equal(0, Move(target, "right", "eth0"));

        Assert.Equal(-(int)Errno.EEXIST, Move(target, "left", "eth0"));

        Assert.Contains("10.1.2.3", Ip("-o addr show left"), StringComparison.Ordinal);
    });

    [Fact]
    public void Template_takes_the_first_free_number() => InNamespaces(target =>
    {
        Assert.Equal(0, Move(target, "left", "eth%d"));
        Assert.Equal(0, Move(target, "right", "eth%d"));

        Enter(target);
        Assert.Contains("eth0", Ip("-o link"), StringComparison.Ordinal);
        Assert.Contains("eth1", Ip("-o link"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("nothing", null, Errno.ENODEV)]
    [InlineData("left", "a-name-of-16-byte", Errno.ENAMETOOLONG)]
    [InlineData("left", "wrong/name", Errno.EINVAL)]
    public void Impossible_move_is_an_error(string name, string? newName, Errno expected) => InNamespaces(target =>
        Assert.Equal(-(int)expected, Move(target, name, newName)));

    private static int Move(int target, string name, string? newName)
    {
        fixed (byte* from = Encoding.UTF8.GetBytes(name + "\0"), to = newName is null ? null : Encoding.UTF8.GetBytes(newName + "\0"))
        {
            return NetworkDevices.Move(target, from, to);
        }
    }

    private static void InNamespaces(Action<int> test)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "needs ip (Debian package iproute2)");
        Exception? failure = null;

        // The namespaces go with the thread and the descriptors.
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, Kernel.Unshare(Kernel.CLONE_NEWNET));
                var target = OpenOwn();
                Assert.Equal(0, Kernel.Unshare(Kernel.CLONE_NEWNET));
                Ip("link add left type veth peer name right");
                Ip("link set left up");
                Ip("link set right up");
                test(target);
                Kernel.Close(target);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    private static int OpenOwn() =>
        Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/proc/thread-self/ns/net"u8), Kernel.O_RDONLY);

    private static void Enter(int target) => Assert.Equal(0, Kernel.EnterNamespace(target, Kernel.CLONE_NEWNET));

    private static string Ip(string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"ip {arguments}: {error}");
        return output;
    }
}
