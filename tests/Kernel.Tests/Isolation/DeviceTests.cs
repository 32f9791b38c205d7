using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class DeviceTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Device_folder_holds_the_standard_nodes_and_no_more() => Assert.Equal(
        "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero", Say("ls /dev").Replace('\n', ' '));

    [Theory]
    [InlineData("null", "1,3")]
    [InlineData("zero", "1,5")]
    [InlineData("full", "1,7")]
    [InlineData("random", "1,8")]
    [InlineData("urandom", "1,9")]
    [InlineData("tty", "5,0")]
    public void Standard_node_is_open_to_everybody(string name, string number) =>
        Assert.Equal($"666 {number} character special file", Say($"stat -c '%a %t,%T %F' /dev/{name}"));

    [Fact]
    public void Standard_nodes_work() => Assert.Equal(
        "0\n16\n8\nfull",
        Say("head -c 4 /dev/null | wc -c; head -c 16 /dev/zero | wc -c; head -c 8 /dev/urandom | wc -c; echo x > /dev/full || echo full"));

    [Fact]
    public void Links_lead_to_the_process_and_its_terminals() => Assert.Equal(
        "/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\npts/ptmx",
        Say("for name in fd stdin stdout stderr ptmx; do readlink /dev/$name; done"));

    [Fact]
    public void Pseudo_terminal_can_be_opened() =>
        Assert.Equal("0", Say("exec 3<>/dev/ptmx && ls /dev/pts | grep -v ptmx"));

    [Theory]
    [InlineData("b", 1, 0)]
    [InlineData("b", 254, 0)]
    [InlineData("b", 98, 0)]
    [InlineData("c", 1, 1)]
    [InlineData("c", 10, 229)]
    public void Other_device_can_be_made_but_not_opened(string type, int major, int minor)
    {
        var outcome = Run($"mknod /tmp/device {type} {major} {minor} && echo made; head -c 1 /tmp/device");

        Assert.Equal(["made"], outcome.Output);
        Assert.Contains("Operation not permitted", string.Join('\n', outcome.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void Message_queues_are_the_containers_own() => Assert.Equal("", Say("ls /dev/mqueue"));
}
