using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class NamespaceTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData("cgroup")]
    [InlineData("ipc")]
    [InlineData("mnt")]
    [InlineData("net")]
    [InlineData("pid")]
    [InlineData("uts")]
    public void Namespace_is_the_containers_own(string name)
    {
        var inside = Say($"readlink /proc/self/ns/{name}");

        Assert.StartsWith($"{name}:[", inside, StringComparison.Ordinal);
        Assert.NotEqual(new FileInfo($"/proc/self/ns/{name}").LinkTarget, inside);
    }

    [Fact]
    public void Command_is_process_1_and_sees_no_process_of_the_host() => Assert.Equal(
        "1 0\n1", Say("echo $$ $(cut -d' ' -f4 /proc/1/stat); ls -d /proc/[0-9]* | grep -c /proc/1$"));

    [Fact]
    public void Processes_of_two_containers_do_not_see_each_other()
    {
        var first = Start("exec sleep 1000");

        var seen = Say("ps -o args");

        Assert.DoesNotContain("sleep 1000", seen, StringComparison.Ordinal);
        Services.RemoveContainer.Execute(first.Id, force: true);
    }

    [Fact]
    public void Own_network_has_the_loopback_link_only_and_it_is_up()
    {
        var said = Say(
            "ls /sys/class/net; ip -o addr show dev lo; cat /sys/class/net/lo/flags; "
            + "ping -c 1 -W 2 127.0.0.1 > /dev/null && echo answered");

        Assert.StartsWith("lo\n", said, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1/8", said, StringComparison.Ordinal);
        Assert.EndsWith("0x9\nanswered", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Host_network_is_the_hosts()
    {
        var said = Say(
            "readlink /proc/self/ns/net; cut -d: -f1 -s /proc/net/dev | tr -d ' ' | sort | tr '\\n' ' '",
            creation => creation with { Networks = [new NetworkConnection { Network = "Host" }] }).Split('\n');

        var links = File.ReadLines("/proc/self/net/dev").Skip(2).Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)].Trim());
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, said[0]);
        Assert.Equal(
            links.Order(StringComparer.Ordinal),
            said[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Host_name_is_the_beginning_of_the_id()
    {
        var outcome = Run("hostname; echo $HOSTNAME; cat /etc/hostname");

        Assert.Equal(Enumerable.Repeat(outcome.Container.Id[..12], 3), outcome.Output);
    }

    [Fact]
    public void Host_name_can_be_given() =>
        Assert.Equal("box", Say("hostname", creation => creation with { Hostname = "box" }));

    [Fact]
    public void Hosts_file_names_the_container()
    {
        var said = Say("cat /etc/hosts; ping -c 1 -W 2 box > /dev/null && echo resolved", creation => creation with { Hostname = "box" });

        Assert.Contains("127.0.0.1", said, StringComparison.Ordinal);
        Assert.EndsWith("resolved", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_groups_seen_inside_begin_at_the_containers_own() =>
        Assert.Equal("", Say("grep -v ':/$' /proc/self/cgroup || true"));
}
