using System.Text.Json;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Kernel.Tests.Processes;

/// <summary>The launcher as an OCI runtime: `psc-runtime run` of a bundle.</summary>
public sealed class BundleTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Output_and_code_are_the_commands()
    {
        var result = RunBundle(Spec("sh", "-c", "echo out; echo err >&2; exit 4"));

        Assert.Equal((4, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("no-such-command", 127)]
    [InlineData("/etc/passwd", 126)]
    public void Command_that_cannot_run_is_named(string command, int expected)
    {
        var result = RunBundle(Spec(command));

        Assert.Equal(expected, result.ExitCode);
        Assert.Contains(command, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_group_is_the_one_asked_for() => Assert.Equal(
        "0", RunBundle(Spec("sh", "-c", "grep -vc ':/$' /proc/self/cgroup")).Output.Trim());

    [Fact]
    public void Resource_limits_are_the_ones_asked_for()
    {
        var spec = Spec("sh", "-c", "ulimit -n; ulimit -Hn; ulimit -c");

        var result = RunBundle(spec with
        {
            Process = spec.Process! with { Rlimits = [new("RLIMIT_NOFILE", Hard: 100, Soft: 50), new("RLIMIT_CORE", Hard: 0, Soft: 0)] },
        });

        Assert.Equal("50\n100\n0\n", result.Output);
    }

    [Theory]
    [InlineData("RLIMIT_NONSENSE", 1, 1)]
    [InlineData("RLIMIT_NOFILE", 1, 2)]
    public void Impossible_resource_limit_is_named(string type, ulong hard, ulong soft)
    {
        var spec = Spec("true");

        var result = RunBundle(spec with { Process = spec.Process! with { Rlimits = [new(type, hard, soft)] } });

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(type, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "config.json")]
    [InlineData("null", "config.json")]
    [InlineData("""{ "ociVersion": "1.0.2" }""", "root")]
    [InlineData("""{ "ociVersion": "1.0.2", "root": { "path": "rootfs" } }""", "process")]
    [InlineData(
        """{ "ociVersion": "1.0.2", "root": { "path": "rootfs" }, "process": """
        + """{ "cwd": "/", "user": { "uid": 0, "gid": 0 }, "args": [] } }""",
        "args")]
    public void Broken_configuration_is_refused_and_named(string configuration, string named)
    {
        var result = RunBundle(configuration);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_bundle_is_named()
    {
        var result = HostCommand.Run(
            Repository.Launcher, "--root", Path.Join(Host.Scratch, "runs"), "run", "--bundle", "/no/such/bundle", "x");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/no/such/bundle", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Id_in_use_is_refused()
    {
        var runs = Path.Join(Host.Scratch, "runs");
        Directory.CreateDirectory(Path.Join(runs, "taken"));

        var result = RunBundle(Spec("true"), "taken");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("taken", result.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Join(runs, "taken")));
        Directory.Delete(Path.Join(runs, "taken"));
    }

    [Fact]
    public void Signal_to_the_runtime_is_the_commands()
    {
        var spec = Spec("sh", "-c", "trap 'exit 6' TERM; echo up; while :; do sleep 0.05; done");
        Write(JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec));
        using var process = HostCommand.Start(Repository.Launcher, Arguments("signaled"));
        Assert.Equal("up", process.StandardOutput.ReadLine());

        HostProcess.Signal(process.Id, HostProcess.Terminate);

        Assert.Equal(6, HostCommand.Finish(process).ExitCode);
    }

    private string Bundle => Directory.CreateDirectory(Path.Join(Host.Scratch, "bundle")).FullName;

    private RuntimeSpec Spec(params string[] command)
    {
        var standard = DefaultRuntimeSpec.Create();
        return standard with
        {
            Root = new RootSpec { Path = Host.BusyboxRoot },
            Process = standard.Process! with { Args = command },
            Linux = standard.Linux! with { CgroupsPath = $"/pscontainers/bundle-{Environment.ProcessId}" },
        };
    }

    private HostCommandResult RunBundle(RuntimeSpec spec) => RunBundle(spec, "bundle");

    private HostCommandResult RunBundle(RuntimeSpec spec, string id) =>
        RunBundle(JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec), id);

    private HostCommandResult RunBundle(string configuration, string id = "bundle")
    {
        Write(configuration);
        return HostCommand.Run(Repository.Launcher, Arguments(id));
    }

    private void Write(string configuration) => File.WriteAllText(Path.Join(Bundle, "config.json"), configuration);

    private string[] Arguments(string id) => ["--root", Path.Join(Host.Scratch, "runs"), "run", "--bundle", Bundle, id];
}
