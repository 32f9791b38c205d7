using PsContainers.Linux;

namespace PsContainers.Bridge.Firewall;

/// <summary>
/// Runs text in nft's language in the calling thread's network namespace: each call is one transaction, all of it or nothing.
/// </summary>
internal static class Nftables
{
    // The library keeps names of links and the state of its parser for the whole process.
    private static readonly Lock _library = new();

    // Kept: to close its socket after something was removed waits until all processors have forgotten that, 15 ms (nft_rcv_nl_event).
    private static NftContext? _context;

    /// <summary>Null when it was done; what nft says against it otherwise.</summary>
    internal static string? TryRun(string text) => Run(text, 0).Error;

    /// <summary>What nft answers; null when it refuses, as for something that is not there.</summary>
    internal static string? TryAsk(string text, uint flags) => Run(text, flags) is { Error: null, Output: var output } ? output : null;

    private static (string? Error, string Output) Run(string text, uint flags)
    {
        using var here = NetworkNamespace.OfSelf();
        var network = here.Identity;
        lock (_library)
        {
            if (_context?.Network != network)
            {
                _context?.Dispose();
                _context = null;
                _context = NftContext.Create(network);
            }

            return _context.Run(text, flags);
        }
    }
}
