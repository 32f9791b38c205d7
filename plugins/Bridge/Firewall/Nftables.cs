using System.Runtime.InteropServices;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Firewall;

/// <summary>Runs text in nft's language in the calling thread's network namespace: each call is one transaction, all of it or nothing.</summary>
internal static unsafe class Nftables
{
    // The library keeps names of links and the state of its parser for the whole process.
    private static readonly Lock _library = new();

    /// <summary>Null when it was done; what nft says against it otherwise.</summary>
    internal static string? TryRun(string text) => Run(text, 0).Error;

    /// <summary>What nft answers; null when it refuses, as for something that is not there.</summary>
    internal static string? TryAsk(string text, uint flags) => Run(text, flags) is { Error: null, Output: var output } ? output : null;

    private static (string? Error, string Output) Run(string text, uint flags)
    {
        lock (_library)
        {
            nint context;
            try
            {
                context = LibNftables.nft_ctx_new(0);
            }
            catch (DllNotFoundException e)
            {
                throw new DriverException(
                    "the bridge driver needs libnftables.so.1 (Debian package libnftables1)", DriverErrorKind.Unavailable, cause: e);
            }

            if (context == 0)
            {
                throw new DriverException("libnftables gave no context: no netlink socket could be opened", DriverErrorKind.Failed);
            }

            try
            {
                if (LibNftables.nft_ctx_buffer_output(context) != 0 || LibNftables.nft_ctx_buffer_error(context) != 0)
                {
                    throw new DriverException("libnftables has no memory for its answers", DriverErrorKind.Failed);
                }

                LibNftables.nft_ctx_output_set_flags(context, flags);
                var code = LibNftables.nft_run_cmd_from_buffer(context, text);
                return code == 0
                    ? (null, Text(LibNftables.nft_ctx_get_output_buffer(context)))
                    : (FirstLine(Text(LibNftables.nft_ctx_get_error_buffer(context))), "");
            }
            finally
            {
                LibNftables.nft_ctx_free(context);
            }
        }
    }

    // Behind it nft repeats the whole command, which may have a thousand elements.
    private static string FirstLine(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "nft gave no reason" : lines[0][(lines[0].IndexOf("Error: ", StringComparison.Ordinal) is >= 0 and var at ? at + 7 : 0)..];
    }

    private static string Text(byte* buffer) => Marshal.PtrToStringUTF8((nint)buffer) ?? "";
}
