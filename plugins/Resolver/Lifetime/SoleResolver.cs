namespace PsContainers.Resolver.Lifetime;

/// <summary>That a network has one resolver, however many sessions start one at a time.</summary>
internal static class SoleResolver
{
    private const int PatienceMilliseconds = 2000;
    private const int PauseMilliseconds = 2;

    /// <summary>Takes the directory's lock; false when another process serves the network already.</summary>
    /// <remarks>
    /// One that has the lock but does not listen yet is waited for: it takes a few milliseconds to know whether it can, and if it
    /// cannot, this one tries and has the reason to tell.
    /// </remarks>
    /// <exception cref="IOException">Another one has the lock, and does not come to listen.</exception>
    internal static bool TryBecome(ResolverDirectory directory)
    {
        var end = Environment.TickCount64 + PatienceMilliseconds;
        while (!directory.TryLock())
        {
            if (directory.IsServed())
            {
                return false;
            }

            if (Environment.TickCount64 > end)
            {
                throw new IOException($"another process holds {directory.Path}/lock and does not listen");
            }

            Thread.Sleep(PauseMilliseconds);
        }

        // What a predecessor that was killed has left says nothing of us.
        directory.RemovePid();
        return true;
    }
}
