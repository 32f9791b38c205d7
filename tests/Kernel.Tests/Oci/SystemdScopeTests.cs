using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>Containers of which systemd knows: `--systemd-cgroup`, and a cgroupsPath in its words. Systemd itself is asked.</summary>
public sealed class SystemdScopeTests : OciTest, IClassFixture<SystemdHost>
{
    private const string Slice = "pscontainers-oci.slice";

    private readonly SystemdHost _systemd;
    private readonly string _scope;

    public SystemdScopeTests(TestHost host, SystemdHost systemd)
        : base(host, systemd.Through)
    {
        Assert.SkipWhen(systemd.Missing is not null, systemd.Missing ?? "");
        _systemd = systemd;
        var name = Path.GetFileName(Bundle.Folder);
        _scope = $"psc-{name}.scope";
        Bundle.Linux["cgroupsPath"] = $"{Slice}:psc:{name}";
        Bundle.Write(OciBundle.Id);
    }

    private string Group => SystemdHost.GroupPath($"/pscontainers.slice/{Slice}/{_scope}");

    [Fact]
    public void Container_is_a_scope_that_is_delegated_and_lies_in_its_slice()
    {
        Start();

        Assert.Equal(
            $"""
            ActiveState=active
            CollectMode=inactive-or-failed
            ControlGroup=/pscontainers.slice/{Slice}/{_scope}
            DefaultDependencies=no
            Delegate=yes
            Description=container {Bundle.State}/one
            Slice={Slice}
            Transient=yes
            """,
            Show("ActiveState", "CollectMode", "ControlGroup", "DefaultDependencies", "Delegate", "Description", "Slice", "Transient"));
    }

    [Fact]
    public void Scope_holds_the_containers_processes_and_no_other()
    {
        var pid = Start();

        Assert.Equal($"{pid}", _systemd.Do("cat", $"/sys/fs/cgroup/pscontainers.slice/{Slice}/{_scope}/cgroup.procs").Text());
        Assert.Equal("0::/", Bundle.Exec(OciBundle.Id, "cat", "/proc/self/cgroup").Text());
    }

    [Fact]
    public void Limits_are_written_and_known_and_outlive_a_reload()
    {
        Bundle.Linux["resources"] = System.Text.Json.Nodes.JsonNode.Parse(
            """
            {
              "memory": { "limit": 67108864, "swap": 100663296, "reservation": 33554432 },
              "cpu": { "shares": 2048, "quota": 50000, "period": 200000, "burst": 1000 },
              "pids": { "limit": 77 },
              "unified": { "memory.high": "50331648", "cgroup.max.descendants": "5" }
            }
            """);
        Start();
        var files = Limits();

        _systemd.Do("systemctl", "daemon-reload").Text();

        Assert.Equal(files, Limits());
        Assert.Equal(["67108864", "33554432", "33554432", "50331648", "174", "50000 200000", "1000", "77", "5"], files);
        Assert.Equal(
            """
            CPUQuotaPerSecUSec=250ms
            CPUWeight=174
            MemoryHigh=50331648
            MemoryLow=33554432
            MemoryMax=67108864
            MemorySwapMax=33554432
            TasksMax=77
            """,
            Show("CPUQuotaPerSecUSec", "CPUWeight", "MemoryHigh", "MemoryLow", "MemoryMax", "MemorySwapMax", "TasksMax"));
        var kernelLog = Bundle.Exec(OciBundle.Id, "sh", "-c", "mknod /tmp/log c 1 11 && head -c1 /tmp/log");
        Assert.Contains("Operation not permitted", kernelLog.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_changes_what_systemd_knows()
    {
        Start();

        string[] limits = ["--memory", "64M", "--pids-limit", "50", "--cpu-quota", "20000", "--cpu-share", "512"];
        Bundle.Runtime(["update", .. limits, OciBundle.Id]).Text();
        var files = Limits();
        _systemd.Do("systemctl", "daemon-reload").Text();

        Assert.Equal(files, Limits());
        Assert.Equal(["67108864", "max", "0", "max", "59", "20000 100000", "0", "50", "max"], files);
        Assert.Equal(
            "CPUQuotaPerSecUSec=200ms\nCPUWeight=59\nMemoryMax=67108864\nTasksMax=50",
            Show("CPUQuotaPerSecUSec", "CPUWeight", "MemoryMax", "TasksMax"));
    }

    [Fact]
    public void Created_container_has_its_scope_before_it_is_started()
    {
        Systemd("create", "--bundle", Bundle.Folder, OciBundle.Id).Text();
        Assert.Equal("created", Bundle.Status());
        Assert.Equal("ActiveState=active", Show("ActiveState"));

        Systemd("start", OciBundle.Id).Text();

        WaitForStatus("running");
        Assert.Equal("ActiveState=active", Show("ActiveState"));
    }

    [Fact]
    public void Scope_goes_with_the_container_and_nothing_is_left()
    {
        Start();

        Systemd("delete", "--force", OciBundle.Id).Text();

        AssertGone();
        Systemd("delete", "--force", OciBundle.Id).Text();
        Assert.Contains("does not exist", Refused(Systemd("delete", OciBundle.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_in_the_foreground_has_stopped_the_scope_when_it_ends()
    {
        Bundle.Script("exit 3");
        Bundle.Write(OciBundle.Id);

        var result = Systemd("run", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.Equal(3, result.ExitCode);
        AssertGone();
    }

    [Fact]
    public void Killed_supervisor_takes_the_scope_along()
    {
        Bundle.Script("echo > /tmp/up; sleep 1000");
        Bundle.Write(OciBundle.Id);
        var call = Bundle.StartRuntime([], "--systemd-cgroup", "run", "--bundle", Bundle.Folder, OciBundle.Id);
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/up"));
        var state = File.ReadAllText(Path.Join(Bundle.State, OciBundle.Id, "state"));
        var supervisor = (int)System.Text.Json.Nodes.JsonNode.Parse(state)!["supervisorPid"]!;

        _systemd.Do("kill", "-KILL", supervisor.ToString(CultureInfo.InvariantCulture)).Text();
        OciBundle.Finish(call);

        WaitUntil(() => !IsKnown(), "systemd keeps the scope");
        Systemd("delete", OciBundle.Id).Text();
        AssertGone();
        Start();
    }

    [Theory]
    // The birth; the start of the scope, and while it is under way; the group that systemd has made; the state.
    [InlineData("clone3", 2)]
    [InlineData("clone3", 3)]
    [InlineData("waitid", 1)]
    [InlineData("mkdirat", 4)]
    [InlineData("renameat2", 1)]
    public void Killed_creation_leaves_no_scope_and_deletion_removes_the_rest(string call, int occurrence)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs strace");

        var result = Bundle.RuntimeBelow(
            ["/usr/bin/strace", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={occurrence}"],
            "--systemd-cgroup", "create", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.NotEqual(0, result.ExitCode);
        Systemd("delete", OciBundle.Id).Text();
        Assert.Empty(Bundle.Ids());
        WaitUntil(() => !IsKnown(), "systemd keeps the scope");
        Start();
    }

    [Fact]
    public void Container_that_cannot_be_made_leaves_no_scope()
    {
        Bundle.Command("/no/such/command");
        Bundle.Write(OciBundle.Id);

        Assert.Contains("/no/such/command", Refused(Systemd("create", "--bundle", Bundle.Folder, OciBundle.Id)), StringComparison.Ordinal);

        AssertGone();
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Scope_of_somebody_else_is_named_and_left_alone()
    {
        _systemd.Do("bash", "-c", $"systemd-run --scope --unit={_scope} sleep 1000 >/dev/null 2>&1 & echo").Text();
        WaitUntil(IsKnown, "the other scope did not start");

        var error = Refused(Systemd("create", "--bundle", Bundle.Folder, OciBundle.Id));

        Assert.Contains(_scope, error, StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
        Assert.Equal("ActiveState=active", Show("ActiveState"));
        _systemd.Do("systemctl", "stop", _scope).Text();
    }

    [Fact]
    public void Scope_that_was_killed_for_want_of_memory_does_not_stay_as_a_failed_one()
    {
        Bundle.Linux["resources"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "memory": { "limit": 16777216, "swap": 16777216 } }""");
        Bundle.Script("head -c 64M /dev/zero | tail -c 63M | wc -c; kill -KILL 1; exec tail /dev/zero");
        Start();
        WaitForStatus("stopped");

        WaitUntil(() => !IsKnown(), "systemd keeps the scope");
        Systemd("delete", OciBundle.Id).Text();
        AssertGone();
    }

    [Fact]
    public void Stop_of_the_scope_ends_the_container()
    {
        Bundle.Script("trap 'exit 0' TERM; while :; do sleep 0.02; done");
        Start();

        _systemd.Do("systemctl", "stop", _scope).Text();

        WaitForStatus("stopped");
        Systemd("delete", OciBundle.Id).Text();
        AssertGone();
    }

    [Fact]
    public void Single_task_is_enough_for_the_first_process()
    {
        Bundle.Linux["resources"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "pids": { "limit": 1 } }""");

        Start();

        Assert.Equal("TasksMax=1", Show("TasksMax"));
    }

    [Fact]
    public void Container_in_a_user_namespace_is_in_its_scope()
    {
        Bundle.Namespace("user");
        foreach (var map in new[] { "uidMappings", "gidMappings" })
        {
            Bundle.Linux[map] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "containerID": 0, "hostID": 100000, "size": 1000 }]""");
        }

        var pid = Start();

        Assert.Equal($"{pid}", _systemd.Do("cat", $"/sys/fs/cgroup/pscontainers.slice/{Slice}/{_scope}/cgroup.procs").Text());
    }

    [Fact]
    public void Without_a_slice_it_is_the_systems()
    {
        Bundle.Linux["cgroupsPath"] = $"::{_scope[..^".scope".Length]}";

        Start();

        Assert.Equal("Slice=system.slice", Show("Slice"));
    }

    [Fact]
    public void Root_needs_no_message_bus()
    {
        _systemd.Do("mv", "/run/dbus/system_bus_socket", "/run/dbus/away").Text();
        try
        {
            Start();
            Assert.Equal("ActiveState=active", Show("ActiveState"));
            Systemd("delete", "--force", OciBundle.Id).Text();
        }
        finally
        {
            _systemd.Do("mv", "/run/dbus/away", "/run/dbus/system_bus_socket").Text();
        }

        AssertGone();
    }

    private HostCommandResult Systemd(params string[] words) => Bundle.Runtime(["--systemd-cgroup", .. words]);

    private int Start()
    {
        Bundle.Write(OciBundle.Id);
        Systemd("run", "--detach", "--bundle", Bundle.Folder, OciBundle.Id).Text();
        return Bundle.Pid();
    }

    // In the order of the alphabet, whatever order systemd has.
    private string Show(params string[] properties)
    {
        var lines = _systemd.Do("systemctl", "show", "-p", string.Join(',', properties), _scope).Text().Split('\n');
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private string[] Limits() =>
    [
        .. new[]
        {
            "memory.max", "memory.swap.max", "memory.low", "memory.high", "cpu.weight", "cpu.max", "cpu.max.burst", "pids.max",
            "cgroup.max.descendants",
        }
        .Select(file => File.ReadAllText(Path.Join(Group, file)).Trim()),
    ];

    private bool IsKnown() =>
        _systemd.Do("systemctl", "list-units", "--all", "--plain", "--no-legend", _scope).Text().Length > 0;

    private void AssertGone()
    {
        WaitUntil(() => !IsKnown(), "systemd keeps the scope");
        Assert.False(Directory.Exists(Group), $"{Group} is left");
    }
}
