using System.Diagnostics;
using System.Net.Sockets;
using PsContainers.Linux.Netlink;
using PsContainers.Linux.Tests.Netlink;

namespace PsContainers.Linux.Tests;

public sealed class NetworkNamespaceTests
{
    private const string OwnLink = "/proc/thread-self/ns/net";

    [Fact]
    public void New_namespace_has_its_loopback_up_and_nothing_else() => TestNetwork.Run(test =>
    {
        var network = test.Create();

        using var route = RouteSocket.Open(network);
        var link = Assert.Single(route.Links());
        Assert.Equal(("lo", 1, true), (link.Name, link.Index, link.IsUp));
    });

    [Fact]
    public void Calling_thread_stays_where_it_is() => TestNetwork.Run(test =>
    {
        var before = TestNetwork.TargetOf(OwnLink);

        var network = test.Create();
        network.Run(() => { });
        using var route = RouteSocket.Open(network);

        Assert.Equal(before, TestNetwork.TargetOf(OwnLink));
        Assert.NotEqual(before, TestNetwork.LinkOf(network));
        using var own = NetworkNamespace.OfSelf();
        Assert.Equal(before, TestNetwork.LinkOf(own));
    });

    [Fact]
    public void No_thread_is_left_inside() => TestNetwork.Run(test =>
    {
        for (var i = 0; i < 50; i++)
        {
            var network = test.Create();
            network.OpenSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp).Dispose();

            var link = TestNetwork.LinkOf(network);
            Assert.DoesNotContain(Directory.EnumerateDirectories("/proc/self/task"), t => TestNetwork.TargetOf($"{t}/ns/net") == link);
        }
    });

    [Fact]
    public void Namespace_goes_with_its_last_descriptor() => TestNetwork.Run(test =>
    {
        var network = test.Create();
        var link = TestNetwork.LinkOf(network);
        var second = NetworkNamespace.Open(network.Path);

        network.Dispose();
        Assert.NotNull(TestNetwork.HolderOf(link));
        second.Dispose();

        TestNetwork.AssertGone(link);
    });

    [Fact]
    public void Opened_again_by_its_path_it_is_the_same() => TestNetwork.Run(test =>
    {
        var network = test.Create();

        using var again = NetworkNamespace.Open(network.Path);

        Assert.Equal(network.Identity, again.Identity);
        Assert.NotEqual(network.Path, again.Path);
    });

    [Fact]
    public void Path_is_good_for_another_process() => TestNetwork.Run(test =>
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nsenter"), "needs nsenter (Debian package util-linux)");
        var network = test.Create();

        var output = Output("nsenter", $"--net={network.Path}", "readlink", "/proc/self/ns/net");

        Assert.Equal(TestNetwork.LinkOf(network), output);
    });

    [Fact]
    public void Work_happens_inside() => TestNetwork.Run(test =>
    {
        Output("true"); // with the first process the runtime begins the thread that watches them all, which has to be outside
        var network = test.Create();

        Assert.Equal(TestNetwork.LinkOf(network), network.Run(() => TestNetwork.TargetOf(OwnLink)));
        Assert.Equal(TestNetwork.LinkOf(network), network.Run(() => Output("readlink", "/proc/self/ns/net")));
    });

    [Fact]
    public void Parameters_are_set_inside_only() => TestNetwork.Run(test =>
    {
        var outside = File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        var network = test.Create();

        network.SetParameters(("ipv4/ip_unprivileged_port_start", "77"), ("ipv4/ping_group_range", "0 5"));

        Assert.Equal(
            ("77", "0\t5"),
            network.Run(() => (
                File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start").Trim(),
                File.ReadAllText("/proc/sys/net/ipv4/ping_group_range").Trim())));
        Assert.Equal(outside, File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
    });

    [Fact]
    public void Parameter_that_cannot_be_set_is_named() => TestNetwork.Run(test =>
    {
        var network = test.Create();

        var missing = Assert.Throws<LinuxException>(() => network.SetParameters(("ipv4/ip_forward", "1"), ("ipv4/none", "1")));
        var wrong = Assert.Throws<LinuxException>(() => network.SetParameters(("ipv4/ip_forward", "x")));

        Assert.StartsWith("write(ipv4/none of network namespace", missing.Message, StringComparison.Ordinal);
        Assert.Equal((Errno.ENOENT, Errno.EINVAL), (missing.Errno, wrong.Errno));
        Assert.Equal("1", network.Run(() => File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim()));
    });

    [Fact]
    public void Exception_of_the_work_comes_out_as_it_is() => TestNetwork.Run(test =>
    {
        var network = test.Create();
        var thrown = new InvalidOperationException("no");

        var caught = Assert.Throws<InvalidOperationException>(() => network.Run(() => throw thrown));

        Assert.Same(thrown, caught);
    });

    [Fact]
    public void Threads_make_and_enter_namespaces_at_the_same_time() => TestNetwork.Run(test =>
    {
        var networks = new NetworkNamespace[] { test.Create(), test.Create() };
        var wrong = 0;

        var threads = networks.Select(network => new Thread(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var other = NetworkNamespace.Create();
                var seen = network.Run(() => TestNetwork.TargetOf(OwnLink));
                wrong += seen == TestNetwork.LinkOf(network) && other.Identity != network.Identity ? 0 : 1;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, wrong);
    });

    [Theory]
    [InlineData("/proc/self/ns/mnt", "this is a namespace of another kind")]
    [InlineData("/dev/null", "this is no namespace")]
    [InlineData("/proc/self/status", "this is no namespace")]
    [InlineData("/proc", "this is no namespace")]
    public void Something_else_is_refused(string path, string reason)
    {
        var error = Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path));

        Assert.Equal($"open network namespace {path}: Invalid argument (EINVAL): {reason}", error.Message);
    }

    [Fact]
    public void Pipe_is_refused_without_waiting_for_its_other_end()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Output("mkfifo", path);
        try
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => NetworkNamespace.Open(path)).Errno);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Missing_namespace_is_named()
    {
        var error = Assert.Throws<LinuxException>(() => NetworkNamespace.Open("/run/netns/no-such"));

        Assert.Equal("open(/run/netns/no-such): No such file or directory (ENOENT)", error.Message);
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd('\n');
    }
}
