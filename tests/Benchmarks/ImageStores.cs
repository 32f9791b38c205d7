namespace PsContainers.Benchmarks;

/// <summary>Empty stores of ours, of podman and of docker, for commands that each are a process of their own.</summary>
/// <remarks>
/// An empty store is a new one, and the old ones go at the end. ext4 gives out no inode that was freed within the last minute and looks at
/// each of them again and again: whoever fills a store that was just deleted spends a quarter of the time with that.
/// </remarks>
/// <param name="docker">Null where there is none.</param>
internal sealed class ImageStores(Workspace workspace, DockerDaemon? docker)
{
    private const string PodmanProgram = "/usr/bin/podman";

    private int _generation;

    public static bool HasPodman => File.Exists(PodmanProgram);

    public DockerDaemon? Docker => docker;

    /// <summary>Where psc leaves the most memory it had, in the kernel's words.</summary>
    public string MemoryFile => Path.Join(workspace.Folder, "memory");

    private string Ours => Path.Join(workspace.Folder, $"images-ours-{_generation}");

    private string PodmanFolder => Path.Join(workspace.Folder, $"images-podman-{_generation}");

    private string[] PodmanOptions =>
    [
        "--root", $"{PodmanFolder}/root", "--runroot", $"{PodmanFolder}/run", "--tmpdir", $"{PodmanFolder}/tmp",
        "--storage-driver", "overlay", "--cgroup-manager", "cgroupfs", "--events-backend", "none",
    ];

    public void Empty()
    {
        Podman("umount", "--all");
        _generation++;
        Directory.CreateDirectory(PodmanFolder);
    }

    public void EmptyDocker() => docker?.Empty();

    /// <summary>docker as a contender; none where it is not installed.</summary>
    public IEnumerable<Contender> OfDocker(Action? prepare, params string[] words) =>
        docker is null ? [] : [new("docker", () => docker.Run(words)) { Prepare = prepare }];

    public void Psc(string script) => Native.Run(
        "/usr/bin/env", $"PSCONTAINERS_ROOT={Ours}", $"PSCONTAINERS_RUN={Ours}-run", "HOME=/root", "PATH=/usr/bin:/bin",
        Workspace.Shell, "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; {script}");

    public void RunPodman(params string[] words) => Native.Run(PodmanProgram, [.. PodmanOptions, .. words]);

    /// <summary>Most kilobytes of memory that psc had while it ran a script.</summary>
    public double PeakMemory(string script)
    {
        Psc($"{script}; (Get-Content /proc/self/status) -match 'VmHWM' | Set-Content {MemoryFile}");
        return double.Parse(File.ReadAllText(MemoryFile).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private void Podman(params string[] words)
    {
        if (HasPodman)
        {
            Native.Try(PodmanProgram, [.. PodmanOptions, .. words]);
        }
    }
}
