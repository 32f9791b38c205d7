using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Bridge.State;

/// <summary>
/// Keeps apart what engines on one host, each with a lock of its own, do to the host itself: to become a router, and to be none any more.
/// </summary>
internal static class HostLock
{
    // Everybody on the host can take it; who holds it to harm us only delays us.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the lock on the calling thread's network namespace; it is given back by closing what is returned.</summary>
    internal static NetworkNamespace Take()
    {
        var host = NetworkNamespace.OfSelf();
        var began = Stopwatch.GetTimestamp();
        while (!host.TryLock() && Stopwatch.GetElapsedTime(began) < _patience)
        {
            Thread.Sleep(1);
        }

        return host;
    }
}
