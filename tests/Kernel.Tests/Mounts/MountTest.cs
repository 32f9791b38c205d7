using System.Text.Json;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

/// <summary>Runs bundles whose mounts are the test's, with a folder of the host beside them that goes with all mounts in it.</summary>
public abstract class MountTest : KernelTest
{
    private readonly List<string> _hostMounts = [];

    protected MountTest(TestHost host)
        : base(host)
    {
        Folder = Directory.CreateDirectory(Path.Join(Host.Scratch, $"mounts-{Guid.NewGuid():n}")).FullName;
        RootPath = Path.Join(Folder, "root");
        HostCommand.Run("/bin/cp", "-a", Host.BusyboxRoot, RootPath).Text();
    }

    /// <summary>Of the host, for sources and the bundle.</summary>
    protected string Folder { get; }

    /// <summary>A root file system that is this test's alone.</summary>
    protected string RootPath { get; }

    protected string Make(string name) => Directory.CreateDirectory(Path.Join(Folder, name)).FullName;

    /// <summary>A tmpfs on a folder of the host.</summary>
    protected string MountOnHost(string name, string options = "mode=755")
    {
        var path = Make(name);
        HostCommand.Run("/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", path).Text();
        _hostMounts.Add(path);
        return path;
    }

    protected RuntimeSpec Spec(string script, params Mount[] mounts)
    {
        var standard = DefaultRuntimeSpec.Create();
        return standard with
        {
            Root = new RootSpec { Path = RootPath },
            Process = standard.Process! with { Args = ["sh", "-c", script] },
            Mounts = [.. standard.Mounts!, .. mounts],
            Linux = standard.Linux! with { CgroupsPath = $"/pscontainers/mounts-{Environment.ProcessId}" },
        };
    }

    /// <summary>The output of a script in a container with these mounts.</summary>
    protected string SayWith(string script, params Mount[] mounts) => RunBundle(Spec(script, mounts)).Text();

    /// <summary>The error of a container with these mounts, which must not start.</summary>
    protected string Refusal(params Mount[] mounts) => Refusal(Spec("echo started", mounts));

    protected string Refusal(RuntimeSpec spec)
    {
        var result = RunBundle(spec);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        return result.Error;
    }

    protected HostCommandResult RunBundle(RuntimeSpec spec) => HostCommand.Finish(StartBundle(spec));

    protected System.Diagnostics.Process StartBundle(RuntimeSpec spec)
    {
        File.WriteAllText(Path.Join(Folder, "config.json"), JsonSerializer.Serialize(spec, RuntimeJson.Default.RuntimeSpec));
        return HostCommand.Start(
            Repository.Launcher, ["--root", Path.Join(Host.Scratch, "runs"), "run", "--bundle", Folder, "mounts"]);
    }

    protected static Mount Bind(string source, string target, params string[] options) =>
        new(target, "bind", source, ["rbind", .. options]);

    protected override void RemoveOwn()
    {
        foreach (var path in Enumerable.Reverse(_hostMounts))
        {
            HostCommand.Run("/bin/umount", "-l", path);
        }

        HostCommand.Run("/bin/rm", "-rf", "--one-file-system", Folder).Text();
    }
}
