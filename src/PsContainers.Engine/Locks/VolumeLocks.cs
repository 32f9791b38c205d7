using PsContainers.Linux;

namespace PsContainers.Engine.Locks;

/// <summary>One lock per volume, for who makes, fills, mounts, unmounts or removes it. Who only uses its files needs none.</summary>
internal sealed class VolumeLocks(string directory)
{
    /// <summary>Not the bare id: so are the locks of containers called.</summary>
    public const string Suffix = ".volume";

    public LockFile Acquire(string id, string name, CancellationToken cancellation) =>
        FileLocks.Acquire(PathOf(id), isShared: false, cancellation, name);

    public LockFile? TryAcquire(string id) => FileLocks.TryAcquire(PathOf(id), isShared: false);

    /// <summary>Removes the file of a volume that is gone; only for the lock's holder.</summary>
    public void Discard(string id) => File.Delete(PathOf(id));

    private string PathOf(string id) => Path.Combine(directory, id + Suffix);
}
