using System.Security.Cryptography;
using System.Text;
using PsContainers.Linux;

namespace PsContainers.Engine;

/// <summary>Where the engine keeps its state: <see cref="Root"/> survives a reboot, <see cref="Run"/> does not.</summary>
public sealed record EnginePaths(string Root, string Run)
{
    /// <summary>Mode 0700: what containers hold is nobody else's business.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string DefaultRoot = "/var/lib/pscontainers";
    private const string DefaultRun = "/run/pscontainers";

    public string Database => Path.Combine(Root, "pscontainers.db");

    /// <summary>One folder per container: <c>upper</c>, <c>work</c>, <c>config.json</c>, <c>log</c>.</summary>
    public string Containers => Path.Combine(Root, "containers");

    /// <summary>Shared by imports, exclusive for the collection of what no image needs any more.</summary>
    public string ImagesLock => Path.Combine(Root, "images.lock");

    /// <summary>Held while an image is mounted or removed, so that no mounted image goes.</summary>
    public string MountsLock => Path.Combine(Root, "mounts.lock");

    public string Locks => Path.Combine(Run, "locks");

    /// <summary>Where every container mounts its root: each in a mount namespace of its own, so one empty folder serves all.</summary>
    public string MountPoint => Path.Combine(Run, "rootfs");

    /// <summary>Where images are mounted for users who name no place: a folder per image.</summary>
    public string Mounts => Path.Combine(Run, "mounts");

    /// <summary>Which containers stand still because their files are being read: a file for each.</summary>
    public string Reading => Path.Combine(Run, "reading");

    public string Blobs => Path.Combine(Root, "blobs");

    public string Layers => Path.Combine(Root, "layers");

    /// <summary>Where imports work; what lies here while nobody holds <see cref="ImagesLock"/> is left over.</summary>
    public string Ingest => Path.Combine(Root, "ingest");

    /// <summary>What comes from registries, whole or in part, until its image is in the store; the next try goes on with it.</summary>
    public string Downloads => Path.Combine(Root, "downloads");

    /// <summary>What plugins keep: a folder for each.</summary>
    public string Plugins => Path.Combine(Root, "plugins");

    /// <summary>What plugins keep until the next boot.</summary>
    public string PluginRuns => Path.Combine(Run, "plugins");

    /// <summary>The folders that PSCONTAINERS_ROOT and PSCONTAINERS_RUN name, or the system's.</summary>
    public static EnginePaths FromEnvironment()
    {
        var root = Named("PSCONTAINERS_ROOT") ?? DefaultRoot;
        return new EnginePaths(root, Named("PSCONTAINERS_RUN") ?? RunOf(root));
    }

    /// <summary>The folder of one container, for what survives a reboot.</summary>
    public string ContainerDirectory(string id) => Path.Combine(Containers, id);

    /// <summary>What the container wrote; the supervisor keeps older parts beside it, as <c>log.1</c> and so on.</summary>
    public string LogOf(string id) => Path.Combine(Containers, id, "log");

    /// <summary>The folder of one running container: state, exit record, control socket, hosts files.</summary>
    public string RunDirectory(string id) => Path.Combine(Run, id);

    /// <summary>Makes what is missing, for root alone.</summary>
    internal void Create()
    {
        foreach (var directory in new[] { Root, Containers, Blobs, Layers, Ingest, Run, Locks, MountPoint, Mounts, Reading })
        {
            if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(directory, OwnerOnly);
            }
        }

        // Before the disk is full: removing something takes no room then.
        foreach (var path in new[] { ImagesLock, MountsLock }.Where(path => !File.Exists(path)))
        {
            LockFile.Open(path).Dispose();
        }
    }

    // One spelling for one folder: with two, sessions would look for the same container's run in two places, and each think it lost.
    private static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(given))
        : null;

    // A socket's path has at most 107 bytes (unix(7)): the run directory of a moved root is named by a digest, however deep the root lies.
    private static string RunOf(string root)
    {
        if (root == DefaultRoot)
        {
            return DefaultRun;
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(root));
        return $"{DefaultRun}/roots/{Convert.ToHexStringLower(digest.AsSpan(0, 6))}";
    }
}
