using System.Text;
using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Launcher.CommandLine;

/// <summary>The directory of all containers of one --root; a container's own directory is the claim to its id.</summary>
internal sealed class RuntimeStore(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string ContainerFile = "container.json";
    private const string ConfigurationFile = "config.json";
    private const string PlanFile = "plan";
    private const string NewPlanFile = "plan.new";

    /// <summary>Makes the container's directory.</summary>
    /// <exception cref="CommandLineException">The id is none, or taken.</exception>
    internal string Claim(string id)
    {
        CheckId(id);
        Directory.CreateDirectory(root, OwnerOnly);
        var path = Path.Join(root, id);
        return TryMakeDirectory(path) ? path : throw new CommandLineException($"container with id {id} already exists in {root}");
    }

    /// <summary>Writes what the commands that follow need; the plan last, since it makes the directory one that can be deleted.</summary>
    internal static void Write(string directory, OciContainer container, ReadOnlySpan<byte> configuration, ReadOnlySpan<byte> plan)
    {
        WholeFile.Create(Path.Join(directory, ConfigurationFile), configuration);
        WholeFile.Create(Path.Join(directory, ContainerFile), container.ToJson());

        // By rename: whoever finds a plan finds all of it.
        WholeFile.Create(Path.Join(directory, NewPlanFile), plan);
        WholeFile.Rename(Path.Join(directory, NewPlanFile), Path.Join(directory, PlanFile));
    }

    internal bool HasPlan(string id) => WholeFile.Exists(Path.Join(root, id, PlanFile));

    /// <summary>Whether the bare half can read a container's plan; not when another version of this program wrote it.</summary>
    internal static unsafe bool HasReadablePlan(StoredContainer container)
    {
        // Not as a FileStream: that takes a lock of its own, and a deletion at the same time holds another.
        fixed (byte* path = Encoding.UTF8.GetBytes(Path.Join(container.Directory, PlanFile) + "\0"))
        {
            var fd = Kernel.Open(Kernel.AtFdCwd, path, Kernel.O_RDONLY);

            var result = fd < 0 ? fd : Plan.Map(fd, out _);
            Kernel.Close(fd);
            return (Errno)(-Math.Min(result, 0)) switch
            {
                // Removed meanwhile is what the bare half finds out by itself.
                0 or Errno.ENOENT => true,
                Errno.EINVAL => false,
                var error => throw new LinuxException("mmap", Path.Join(container.Directory, PlanFile), error),
            };
        }
    }

    /// <exception cref="CommandLineException">There is no such container.</exception>
    internal StoredContainer Open(string id)
    {
        CheckId(id);
        return TryOpen(id) ?? throw new CommandLineException($"container {id} does not exist in {root}");
    }

    /// <summary>Null when there is none, or it is just being made.</summary>
    internal StoredContainer? TryOpen(string id)
    {
        var directory = Path.Join(root, id);
        try
        {
            return WholeFile.TryRead(Path.Join(directory, ContainerFile)) is { } container
                ? new StoredContainer(directory, OciContainer.Parse(container), RunState.Read(directory))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal IEnumerable<StoredContainer> All() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(root)
            .Order(StringComparer.Ordinal)
            .Select(directory => TryOpen(Path.GetFileName(directory)))
            .OfType<StoredContainer>();

    /// <summary>A directory that a killed `create` left before anything outside it was made.</summary>
    internal bool TryRemoveRemains(string id)
    {
        CheckId(id);
        var directory = Path.Join(root, id);
        if (!WholeFile.Exists(directory) || WholeFile.Exists(Path.Join(directory, PlanFile)))
        {
            return false;
        }

        Directory.Delete(directory, recursive: true);
        return true;
    }

    internal static RuntimeSpec ReadConfiguration(StoredContainer container) =>
        Configuration.Parse(Read(container, ConfigurationFile), ConfigurationFile, RuntimeSpecReader.Read);

    /// <summary>Reads of a container's configuration what holds for a command in it, and the system call filter.</summary>
    internal static RuntimeSpec ReadForCommand(StoredContainer container, out SystemCallFilter? filter)
    {
        if (EncodedPlan.TryReadFilter(Read(container, PlanFile), out filter))
        {
            return Configuration.Parse(Read(container, ConfigurationFile), ConfigurationFile, CommandSpecReader.Read);
        }

        // Another version of this program made the container.
        var spec = ReadConfiguration(container);
        filter = SystemCallFilter.Compile(spec.Linux?.Seccomp);
        return spec;
    }

    // Deleted since it was opened, or never quite made.
    private static byte[] Read(StoredContainer container, string file) => WholeFile.TryRead(Path.Join(container.Directory, file))
        ?? throw new CommandLineException($"container {container.Container.Id} does not exist: it has no {file}");

    // Directory.CreateDirectory does not tell whether it made one.
    private static unsafe bool TryMakeDirectory(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var result = Kernel.MakeDirectory(Kernel.AtFdCwd, bytes, 0x1c0);
            return result switch
            {
                0 => true,
                -(int)Errno.EEXIST => false,
                _ => throw new LinuxException("mkdir", path, (Errno)(-result)),
            };
        }
    }

    private static void CheckId(string id)
    {
        if (id is "." or ".." || id.Length is 0 or > 1024 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.'))
        {
            throw new CommandLineException($"container id '{id}' is not made of letters, digits and _ + - .");
        }
    }
}
