using System.Security.Cryptography;
using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(TestHost))]
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>An engine of its own for one run of all tests: state in folders that go at the end, and the image <c>busybox</c>.</summary>
public sealed class TestHost : IDisposable
{
    private readonly string _directory;
    private readonly Lazy<ContainerServices> _services;

    public TestHost()
    {
        Missing = FindMissing();

        // Not the process's id: it runs in a pid namespace of its own, where every run has the same.
        var name = $"psc-kernel-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        _directory = Path.Join(StateParent(), name);
        Paths = new EnginePaths(Path.Join(_directory, "root"), $"/run/{name}.run");
        _services = new Lazy<ContainerServices>(Open);
    }

    /// <summary>Why no kernel test can run here; null when they can.</summary>
    public string? Missing { get; }

    public EnginePaths Paths { get; }

    /// <summary>One folder for whatever a test needs; made on first use.</summary>
    public string Scratch => Directory.CreateDirectory(Path.Join(_directory, "scratch")).FullName;

    /// <summary>The root file system that the image busybox was imported from.</summary>
    public string BusyboxRoot => Path.Join(_directory, "busybox");

    /// <summary>The engine in this process, with the image busybox.</summary>
    public ContainerServices Services => _services.Value;

    /// <summary>What another shell needs to use the same engine.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["PSCONTAINERS_ROOT"] = Paths.Root,
        ["PSCONTAINERS_RUN"] = Paths.Run,
        ["XDG_STATE_HOME"] = Scratch,
    };

    public void Dispose()
    {
        if (_services.IsValueCreated)
        {
            RemoveContainers();
            _services.Value.Dispose();
        }

        foreach (var directory in new[] { _directory, Paths.Run }.Where(Directory.Exists))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Removes every container, whatever its state.</summary>
    public void RemoveContainers()
    {
        foreach (var container in Services.GetContainers.Execute())
        {
            Services.RemoveContainer.Execute(container.Id, force: true);
        }
    }

    private static string? FindMissing() =>
        (Environment.IsPrivilegedProcess, File.Exists(Repository.Launcher), Harness.BusyboxRoot.IsPossible) switch
        {
            (false, _, _) => "needs root",
            (_, false, _) => $"needs {Repository.Launcher}: run ./psc --build-only",
            (_, _, false) => "needs /bin/busybox (Debian package busybox-static)",
            _ => null,
        };

    // A real disk where there is one. A writable layer cannot lie on an overlay, which is what the root of the v2 guest is.
    private static string StateParent() => new DriveInfo("/var/tmp").DriveFormat == "overlay" ? "/run" : "/var/tmp";

    private ContainerServices Open()
    {
        Directory.CreateDirectory(_directory);
        Harness.BusyboxRoot.Make(BusyboxRoot);
        Probe.Compile("syscalls", Path.Join(BusyboxRoot, "bin/probe-syscalls"));
        Probe.Compile("attributes", Path.Join(BusyboxRoot, "bin/probe-attributes"));
        Probe.Compile("subreaper", Path.Join(BusyboxRoot, "bin/probe-subreaper"));
        Probe.Compile("agent", Path.Join(BusyboxRoot, "bin/probe-agent"));
        Probe.Compile("grow", Path.Join(BusyboxRoot, "bin/probe-grow"));
        var services = ContainerServices.Open(Paths, Repository.Launcher);
        services.ImportImage.Execute(new ImageImport { Path = BusyboxRoot, RootFileSystem = true, Name = "busybox" });
        return services;
    }
}
