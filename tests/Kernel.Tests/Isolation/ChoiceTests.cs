using System.Globalization;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Kernel.Tests.Isolation;

/// <summary>What users may change about the walls around a container, seen from inside.</summary>
public sealed class ChoiceTests(TestHost host) : KernelTest(host)
{
    private const string Sets = "grep -E 'Cap(Prm|Eff|Bnd)' /proc/self/status | cut -f 2 | sort -u";

    [Fact]
    public void Capabilities_are_added_and_dropped() => Assert.Equal(
        Hexadecimal((CapabilitySet.Default | CapabilitySet.Parse(["NET_ADMIN"])) & ~CapabilitySet.Parse(["MKNOD", "CHOWN"])),
        Say(Sets, creation => creation with { CapAdd = ["net_admin"], CapDrop = ["MKNOD", "CAP_CHOWN"] }));

    [Fact]
    public void All_capabilities_can_be_dropped() => Assert.Equal(
        Hexadecimal(0), Say(Sets, creation => creation with { CapDrop = ["ALL"] }));

    [Fact]
    public void Added_capability_works_through_the_filter()
    {
        const string Rename = "hostname changed 2>/dev/null; hostname";

        Assert.Equal("box", Say(Rename, creation => creation with { Hostname = "box" }));
        Assert.Equal("changed", Say(Rename, creation => creation with { Hostname = "box", CapAdd = ["SYS_ADMIN"] }));
    }

    [Fact]
    public void Privileged_container_has_what_the_engine_has()
    {
        var said = Run(
            $"{Sets}; grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status | cut -f 2; [ -w /proc/sys/kernel/msgmax ] && echo writable; "
            + "mount -t tmpfs none /tmp && echo mounted; ls -l /dev/null | cut -c 1-10; ls /dev | wc -l; ls -d /proc/kcore",
            creation => creation with { Privileged = true }).Output;

        Assert.Equal([Hexadecimal(CapabilitySet.OfSelf), "0", "0", "writable", "mounted", "crw-rw-rw-"], said.Take(6));
        Assert.InRange(int.Parse(said[6], CultureInfo.InvariantCulture), 10, 10_000);
    }

    [Fact]
    public void Privileged_container_uses_any_device()
    {
        const string Use = "mknod /tmp/d c 10 200 && (: < /tmp/d) 2>&1 | grep -o 'not permitted' || echo allowed";

        Assert.Equal("not permitted", Say(Use));
        Assert.NotEqual("not permitted", Say(Use, creation => creation with { Privileged = true }));
    }

    [Fact]
    public void Filter_and_new_privileges_are_switched_off_one_by_one()
    {
        const string Look = "grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status | cut -f 2 | xargs";

        Assert.Equal("1 2", Say(Look));
        Assert.Equal("1 0", Say(Look, creation => creation with { SecurityOption = ["seccomp=unconfined"] }));
        Assert.Equal("0 2", Say(Look, creation => creation with { SecurityOption = ["no-new-privileges=false"] }));
    }

    [Fact]
    public void Filter_of_ones_own_decides()
    {
        var profile = Path.Join(Host.Scratch, "profile.json");
        File.WriteAllText(
            profile,
            """
            { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                { "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28 },
                { "names": ["rmdir", "unlinkat"], "action": "SCMP_ACT_ERRNO", "excludes": { "caps": ["CAP_CHOWN"] } } ] }
            """);

        var said = Say(
            "mkdir /tmp/x 2>&1 | grep -o 'No space'; rmdir /proc 2>&1 | grep -o 'not permitted' || echo other",
            creation => creation with { SecurityOption = [$"seccomp={profile}"] });

        Assert.Equal("No space\nother", said);
        File.Delete(profile);
    }

    [Fact]
    public void System_paths_are_opened() => Assert.Equal(
        "0",
        Say("mount | grep -cE ' on /(proc|sys)/(sys|kcore|firmware|irq) '; true",
            creation => creation with { SecurityOption = ["systempaths=unconfined"] }));

    [Fact]
    public void Device_of_the_host_is_there_with_the_access_that_was_given()
    {
        const string Use = "ls -l /dev/r | awk '{ print $5, $6 }'; (: < /dev/r) && echo read; (: > /dev/r) 2>/dev/null || echo no write";

        // The kernel's log, which every machine has; to read it takes a capability besides.
        Assert.Equal(
            "1, 11\nread\nno write", Say(Use, creation => creation with { Device = ["/dev/kmsg:/dev/r:r"], CapAdd = ["SYSLOG"] }));
    }

    [Fact]
    public void Shared_memory_has_the_size_that_was_asked_for() => Assert.Equal(
        "1024", Say("df -k /dev/shm | tail -n 1 | awk '{ print $2 }'", creation => creation with { ShmSize = 1 << 20 }));

    [Fact]
    public void Limits_of_processes_are_seen_inside() => Assert.Equal(
        "100\n200\n0",
        Say(
            "ulimit -n; ulimit -H -n; ulimit -c",
            creation => creation with { Ulimit = new Dictionary<string, string> { ["nofile"] = "100:200", ["core"] = "0" } }));

    [Fact]
    public void Namespaces_of_the_host_are_the_hosts()
    {
        const string Look = "readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc";

        var said = Say(Look, creation => creation with { PidNamespace = "Host", IpcNamespace = "Host" });

        Assert.Equal($"{Namespace("pid")}\n{Namespace("ipc")}", said);
        Assert.NotEqual(said, Say(Look));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Process_among_the_hosts_ends_with_its_container(bool removed)
    {
        var said = Run(
            "sleep 1000 > /dev/null 2>&1 & echo $!", creation => creation with { PidNamespace = "Host", RemoveOnExit = removed }).Text();

        // Whoever it was handed to may not have buried it yet.
        Assert.True(ProcessStat.Of(int.Parse(said, CultureInfo.InvariantCulture)) is null or { State: 'Z' or 'X' });
    }

    [Fact]
    public void Stop_signal_of_ones_own_is_sent()
    {
        var container = Start("trap 'exit 9' HUP; echo up; while :; do sleep 0.1; done", creation => creation with { StopSignal = "HUP" });
        WaitForLine(container, "up");

        Assert.Equal(9, Services.StopContainer.Execute(container.Id, TimeSpan.FromSeconds(30)).ExitCode);
    }

    [Fact]
    public void What_was_chosen_is_shown()
    {
        var container = Services.CreateContainer.Execute(Creation(["true"], creation => creation with
        {
            CapAdd = ["net_admin"],
            Device = ["/dev/null:/dev/n"],
            ShmSize = 4096,
            PidNamespace = "host",
            StopSignal = "HUP",
        }));

        var shown = Services.GetContainer.Execute(container.Id);

        Assert.Equal(["CAP_NET_ADMIN"], shown.CapAdd);
        Assert.Equal(["/dev/null:/dev/n"], shown.Device);
        Assert.Equal((4096L, "Host", "Private", 1), (shown.ShmSize!.Value, shown.PidNamespace, shown.IpcNamespace, shown.StopSignal));
    }

    private static string Namespace(string kind) => File.ResolveLinkTarget($"/proc/self/ns/{kind}", returnFinalTarget: false)!.Name;

    private static string Hexadecimal(ulong set) => set.ToString("x16", CultureInfo.InvariantCulture);
}
