using PsContainers.Linux;

namespace PsContainers.Engine.Locks;

/// <summary>One lock per network: shared by attachments, exclusive for who must know all of them while its driver is at work.</summary>
internal sealed class NetworkLocks(string directory)
{
    /// <summary>Not the bare id: so are the locks of containers called.</summary>
    public const string Suffix = ".network";

    /// <summary>Takes part in all of them. Those who exclude others hold one only, so nobody waits in a circle.</summary>
    public IDisposable Share(IEnumerable<(string Id, string Name)> networks, CancellationToken cancellation)
    {
        var held = new Held();
        try
        {
            held.AddRange(networks.Select(network => FileLocks.Acquire(PathOf(network.Id), isShared: true, cancellation, network.Name)));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public LockFile Acquire(string id, string name, CancellationToken cancellation) =>
        FileLocks.Acquire(PathOf(id), isShared: false, cancellation, name);

    /// <summary>Removes the file of a network that is gone; only for the lock's exclusive holder.</summary>
    public void Discard(string id) => File.Delete(PathOf(id));

    private string PathOf(string id) => Path.Combine(directory, id + Suffix);

    private sealed class Held : List<LockFile>, IDisposable
    {
        public void Dispose() => ForEach(file => file.Dispose());
    }
}
