namespace PsContainers.Benchmarks;

/// <summary>podman with storage and settings of its own.</summary>
internal sealed class Podman : IDisposable
{
    private const string Program = "/usr/bin/podman";
    private const int Attempts = 5;

    // netavark looks for iptables there.
    private const string SearchPath = "PATH=/usr/sbin:/usr/bin";

    // Hard limits cannot be raised without CAP_SYS_RESOURCE.
    private static readonly string[] _run = ["run", "--network", "none", "--ulimit", "nofile=1024:20000", "--ulimit", "nproc=4096:32768"];

    private readonly string _folder;
    private readonly string[] _options;

    private Podman(Workspace workspace)
    {
        _folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "podman")).FullName;
        _options =
        [
            "--root", $"{_folder}/root", "--runroot", $"{_folder}/run", "--tmpdir", $"{_folder}/tmp",
            "--network-config-dir", $"{_folder}/networks",
            "--storage-driver", "overlay", "--cgroup-manager", "cgroupfs", "--events-backend", "none",
        ];
        var archive = Path.Join(_folder, "busybox.tar");
        Native.Ask("/bin/tar", "-C", workspace.Root, "-cf", archive, ".");
        Native.Ask(Program, [.. _options, "import", "--quiet", archive, "busybox"]);
    }

    /// <summary>Null where there is no podman.</summary>
    public static Podman? TryCreate(Workspace workspace) => File.Exists(Program) ? new Podman(workspace) : null;

    public void List() => Native.Run(Program, [.. _options, "ps"]);

    public void Run(params string[] arguments) => Native.Run(Program, [.. _options, .. _run, .. arguments]);

    public void RunOn(string network, params string[] arguments) => Native.Run(
        "/usr/bin/env",
        [SearchPath, Program, .. _options, .. _run.Select(word => word == "none" ? network : word), .. arguments]);

    /// <summary>Makes a network, and keeps a container on it where one is asked for.</summary>
    public void MakeNetwork(string name, bool hasNeighbor)
    {
        RemoveContainers();
        Native.Try(Program, [.. _options, "network", "create", "--disable-dns", name]);
        if (hasNeighbor)
        {
            RunOn(name, "--detach", "busybox", "sleep", "3600");
        }
    }

    /// <summary>All that there are; podman refuses now and then what it does at the next attempt.</summary>
    public void RemoveContainers()
    {
        for (var attempt = 1; ; attempt++)
        {
            var (code, said) = Native.Try(Program, [.. _options, "rm", "--force", "--all", "--time", "0"]);
            if (code == 0)
            {
                return;
            }

            if (attempt == Attempts)
            {
                throw new InvalidOperationException($"podman does not remove its containers: {said}");
            }
        }
    }

    public void Dispose() => RemoveContainers();
}
