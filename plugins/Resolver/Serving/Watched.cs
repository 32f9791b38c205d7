namespace PsContainers.Resolver.Serving;

/// <summary>Something with a descriptor that the event loop waits for.</summary>
internal abstract class Watched
{
    /// <summary>Where it stands in the event loop.</summary>
    internal ulong Token { get; set; }

    /// <summary>There is something to read or room to write, or it has failed.</summary>
    internal abstract void OnReady();

    /// <summary>Called ten times a second while <see cref="HasDeadline"/>.</summary>
    internal virtual void OnTick(long now)
    {
    }

    internal virtual bool HasDeadline => false;
}
