using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Uses of a volume by the engine itself, to copy or archive it: for that time nobody removes it.</summary>
/// <remarks>Whoever visits holds a lock of the use's own id: by that a killed visit is told from one that goes on.</remarks>
internal sealed class VolumeVisit(VolumeTable table, VolumeAccess access, VolumeRelease release, VolumeLocks locks)
{
    private const string Visitor = "this session";

    /// <summary>Opens a volume's directory; disposing of the result ends the visit.</summary>
    /// <exception cref="ContainerEngineException">VolumeInUse, and those of <see cref="VolumeAccess.Open"/></exception>
    public Visited Begin(VolumeRow row, CancellationToken cancellation) => Begin(
        row,
        use => table.TryAddUse(use) ? access.Open(row, use, Visitor, cancellation) : throw VolumeErrors.IsLeaving(row.Name),
        cancellation);

    /// <summary>Makes a volume to put files into. It is unfinished, and goes, unless somebody says that it is ready.</summary>
    /// <exception cref="ContainerEngineException">VolumeNameInUse, VolumeDriverFailed</exception>
    public Visited BeginUnfinished(VolumeRow row, CancellationToken cancellation) => Begin(
        row,
        use => table.TryAddUnfinished(row, use)
            ? access.OpenUnfinished(row, use, Visitor, cancellation)
            : throw VolumeErrors.NameInUse(row.Name),
        cancellation);

    private Visited Begin(VolumeRow row, Func<VolumeUseRow, string> open, CancellationToken cancellation)
    {
        var use = new VolumeUseRow(row.Id, VolumeName.NewId(), Target: null, IsPerson: false, Result: null);
        var visited = new Visited(use, locks.Acquire(use.User, row.Name, cancellation), release, locks);
        var isOpen = false;
        try
        {
            visited.Open(open(use));
            isOpen = true;
            return visited;
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be opened", e);
        }
        finally
        {
            if (!isOpen)
            {
                visited.Dispose();
            }
        }
    }

    /// <summary>A volume that is being visited.</summary>
    internal sealed class Visited(VolumeUseRow use, LockFile held, VolumeRelease release, VolumeLocks locks) : IDisposable
    {
        private DirectoryDescriptor? _directory;

        public string Path { get; private set; } = "";

        public DirectoryDescriptor Directory => _directory!;

        internal void Open(string path)
        {
            Path = path;
            _directory = DirectoryDescriptor.OpenFollowing(path);
        }

        public void Dispose()
        {
            _directory?.Dispose();
            try
            {
                release.One(use, CancellationToken.None);
            }
            finally
            {
                locks.Discard(use.User);
                held.Dispose();
            }
        }
    }
}
