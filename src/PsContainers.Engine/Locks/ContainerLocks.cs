using PsContainers.Linux;

namespace PsContainers.Engine.Locks;

/// <summary>One lock per container. Who holds it may change the container; who only looks needs none.</summary>
/// <remarks>
/// A lock that nobody holds also tells that nobody is at work: what looks half done then was left by a session that ended in the middle.
/// </remarks>
internal sealed class ContainerLocks(string directory)
{
    public LockFile Acquire(string id, string name, CancellationToken cancellation) =>
        FileLocks.Acquire(PathOf(id), isShared: false, cancellation, name);

    public LockFile? TryAcquire(string id) => FileLocks.TryAcquire(PathOf(id), isShared: false);

    /// <summary>Removes the file of a container that is gone; only for the lock's holder.</summary>
    public void Discard(string id) => File.Delete(PathOf(id));

    private string PathOf(string id) => Path.Combine(directory, id);
}
