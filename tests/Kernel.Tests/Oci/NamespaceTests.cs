using System.Globalization;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class NamespaceTests(TestHost host) : OciTest(host)
{
    private System.Diagnostics.Process? _other;

    [Theory]
    [InlineData("network", "net")]
    [InlineData("ipc", "ipc")]
    [InlineData("uts", "uts")]
    [InlineData("pid", "pid")]
    [InlineData("cgroup", "cgroup")]
    public void Namespace_is_joined_by_path(string type, string name)
    {
        var other = StartOther($"--{name} {(name == "pid" ? "--fork" : "")}");
        var joined = NamespaceOf(other, name);
        Assert.NotEqual(NamespaceOf(Environment.ProcessId, name), joined);

        Bundle.Namespace(type, $"/proc/{other}/ns/{name}");

        Assert.Equal(joined, Bundle.Say($"readlink /proc/self/ns/{name}"));
        Assert.Equal(joined, NamespaceOf(Bundle.Command("sleep", "1000").StartDetached(), name));
    }

    [Fact]
    public void Exec_into_a_joined_pid_namespace_sees_its_processes()
    {
        var other = StartOther("--pid --fork");
        Bundle.Namespace("pid", $"/proc/{other}/ns/pid").StartDetached();

        Assert.Equal("sleep\nsleep", Bundle.Exec(OciBundle.Id, "sh", "-c", "cat /proc/[0-9]*/comm | grep sleep").Text());
    }

    [Fact]
    public void User_namespace_is_joined_by_path()
    {
        UseUserNamespace((0, 100000, 65536));
        var pid = Bundle.StartDetached();
        Bundle.Linux.Remove("uidMappings");
        Bundle.Linux.Remove("gidMappings");
        Bundle.Namespace("user", $"/proc/{pid}/ns/user").Script("readlink /proc/self/ns/user; id -u; cat /proc/self/uid_map");
        Bundle.Write("two");

        var result = Bundle.Runtime("run", "--bundle", Bundle.Folder, "two").Text().Split('\n');

        Assert.Equal([NamespaceOf(pid, "user"), "0", "         0     100000      65536"], result);
    }

    [Theory]
    [InlineData("network", "/proc/self/ns/uts", "setns(/proc/self/ns/uts)")]
    [InlineData("network", "/no/such", "setns(/no/such)")]
    [InlineData("network", "/etc/passwd", "setns(/etc/passwd)")]
    [InlineData("network", "relative", "linux.namespaces[5].path")]
    public void Path_of_no_such_namespace_is_named(string type, string path, string named)
    {
        Bundle.Namespace(type, path);

        Assert.Contains(named, Refused(Bundle.Create()), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Files_made_in_a_user_namespace_belong_to_the_mapped_ids()
    {
        UseUserNamespace((0, 100000, 65536));
        HostCommand.Run("/bin/chmod", "777", Path.Join(Bundle.RootPath, "tmp")).Text();

        Bundle.Say("touch /tmp/mine; touch /tmp/other; chown 33:44 /tmp/other");

        Assert.Equal("100000:100000", Owner("tmp/mine"));
        Assert.Equal("100033:100044", Owner("tmp/other"));
    }

    [Fact]
    public void Several_ranges_are_mapped_each()
    {
        UseUserNamespace((0, 100000, 1), (1, 200000, 10), (1000, 300000, 5));

        Assert.Equal(
            "0 100000 1\n1 200000 10\n1000 300000 5",
            Bundle.Say("while read a b c; do echo $a $b $c; done < /proc/self/uid_map"));
        Assert.Equal("300002", Host1002());
    }

    [Fact]
    public void User_zero_need_not_be_mapped()
    {
        UseUserNamespace((1000, 100000, 10));

        // Group 5, tty, must be there for the devpts of the configuration.
        Bundle.Linux["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 1, ["hostID"] = 100001, ["size"] = 2000 });
        Bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };

        Assert.Equal("1000 1000", Bundle.Say("echo $(id -u) $(id -g)"));
        Bundle.Command("sleep", "1000").StartDetached();
        Assert.Equal("1000 1000 1", Bundle.Exec(OciBundle.Id, "sh", "-c", "echo $(id -u) $(id -g) $(pidof sleep)").Text());
    }

    [Fact]
    public void Devices_are_there_in_a_user_namespace()
    {
        UseUserNamespace((0, 100000, 65536));

        Assert.Equal(
            "null zero full random urandom tty",
            Bundle.Say(
                "echo x > /dev/null; o=; for d in null zero full random urandom tty; do test -c /dev/$d && o=\"$o $d\"; done; echo $o"));
    }

    [Fact]
    public void Command_is_executed_in_a_user_namespace_as_its_root()
    {
        UseUserNamespace((0, 100000, 65536));
        var pid = Bundle.StartDetached();

        Assert.Equal("0 0\n" + NamespaceOf(pid, "user"), Bundle.Exec(
            OciBundle.Id, "sh", "-c", "echo $(id -u) $(id -g); readlink /proc/self/ns/user").Text());
        Assert.Equal("7", Bundle.Exec("-u", "7", OciBundle.Id, "id", "-u").Text());
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Clocks_of_a_time_namespace_have_their_offsets()
    {
        Bundle.Namespace("time");
        Bundle.Linux["timeOffsets"] = new JsonObject
        {
            ["boottime"] = new JsonObject { ["secs"] = 1_000_000 },
            ["monotonic"] = new JsonObject { ["secs"] = 500, ["nanosecs"] = 7 },
        };
        var pid = Bundle.StartDetached();

        Assert.NotEqual(NamespaceOf(Environment.ProcessId, "time"), NamespaceOf(pid, "time"));
        var host = Uptime(File.ReadAllText("/proc/uptime"));
        Assert.InRange(Uptime(Bundle.Exec(OciBundle.Id, "cat", "/proc/uptime").Text()) - host, 999_990, 1_000_060);
        Assert.Equal(
            ["monotonic 500 7", "boottime 1000000 0"],
            Bundle.Exec(OciBundle.Id, "cat", "/proc/1/timens_offsets").Text().Split('\n')
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Time_namespace_is_joined_by_path()
    {
        var other = StartOther("--time --boottime 1000000 --fork");
        var joined = NamespaceOf(other, "time");
        Assert.NotEqual(NamespaceOf(Environment.ProcessId, "time"), joined);
        var host = Uptime(File.ReadAllText("/proc/uptime"));

        var told = Bundle.Namespace("time", $"/proc/{other}/ns/time")
            .Say("readlink /proc/self/ns/time; readlink /proc/self/ns/time_for_children; cat /proc/uptime").Split('\n');

        Assert.Equal([joined, joined], told[..2]);
        Assert.InRange(Uptime(told[2]) - host, 999_990, 1_000_060);
        Assert.Equal(joined, NamespaceOf(Bundle.Command("sleep", "1000").StartDetached(), "time"));
        Assert.InRange(Uptime(Bundle.Exec(OciBundle.Id, "cat", "/proc/uptime").Text()) - host, 999_990, 1_000_060);
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Time_and_user_namespace_go_together()
    {
        UseUserNamespace((0, 100000, 65536));
        Bundle.Namespace("time");
        Bundle.Linux["timeOffsets"] = new JsonObject { ["boottime"] = new JsonObject { ["secs"] = 1_000_000 } };
        var host = Uptime(File.ReadAllText("/proc/uptime"));

        Bundle.StartDetached();

        Assert.InRange(Uptime(Bundle.Exec(OciBundle.Id, "cat", "/proc/uptime").Text()) - host, 999_990, 1_000_060);
    }

    [Fact]
    public void Container_without_namespaces_but_a_mount_namespace_is_in_the_hosts()
    {
        foreach (var type in new[] { "pid", "network", "ipc", "uts", "cgroup" })
        {
            Bundle.Namespace(type, isWanted: false);
        }

        Bundle.Config["mounts"] = new JsonArray(
            new JsonObject { ["destination"] = "/proc", ["type"] = "proc", ["source"] = "proc" });
        var pid = Bundle.StartDetached();

        foreach (var name in new[] { "pid", "net", "ipc", "uts", "cgroup", "user" })
        {
            Assert.Equal(NamespaceOf(Environment.ProcessId, name), NamespaceOf(pid, name));
        }
    }

    protected override void RemoveOwn()
    {
        base.RemoveOwn();
        if (_other is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static double Uptime(string text) => double.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);

    private string Owner(string path) => HostCommand.Run("/usr/bin/stat", "-c", "%u:%g", Path.Join(Bundle.RootPath, path)).Text();

    // The owner on the host of what user 1002 of the container makes.
    private string Host1002()
    {
        HostCommand.Run("/bin/chmod", "777", Path.Join(Bundle.RootPath, "tmp")).Text();
        Bundle.Process["user"] = new JsonObject { ["uid"] = 1002, ["gid"] = 1 };
        Bundle.Say("touch /tmp/made");
        return Owner("tmp/made").Split(':')[0];
    }

    private void UseUserNamespace(params (int Inside, int Outside, int Size)[] ranges)
    {
        JsonArray Map() => new([.. ranges.Select(range => (JsonNode)new JsonObject
        {
            ["containerID"] = range.Inside,
            ["hostID"] = range.Outside,
            ["size"] = range.Size,
        })]);
        Bundle.Namespace("user");
        Bundle.Linux["uidMappings"] = Map();
        Bundle.Linux["gidMappings"] = Map();
    }

    // A process in a namespace that a container can join; its number.
    private int StartOther(string unshare)
    {
        var isForked = unshare.Contains("fork", StringComparison.Ordinal);
        _other = HostCommand.Start("/bin/sh", ["-c", $"exec unshare {unshare} {(isForked ? "--kill-child" : "")} sleep 1000"]);
        var own = _other.Id;
        var found = 0;
        WaitUntil(
            () =>
            {
                found = isForked ? Child(own) : own;
                return found > 0 && File.ReadAllText($"/proc/{found}/comm") == "sleep\n";
            },
            "unshare did not start");
        return found;
    }

    private static int Child(int pid)
    {
        var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Trim();
        return int.TryParse(children, NumberStyles.None, CultureInfo.InvariantCulture, out var child) ? child : 0;
    }
}
