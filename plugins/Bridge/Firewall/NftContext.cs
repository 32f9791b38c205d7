using System.Runtime.InteropServices;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Bridge.Firewall;

/// <summary>A context of libnftables, which belongs to the network namespace that it was made in.</summary>
internal sealed unsafe class NftContext : IDisposable
{
    private readonly nint _context;

    private NftContext(nint context, FileIdentity network)
    {
        _context = context;
        Network = network;
    }

    internal FileIdentity Network { get; }

    internal static NftContext Create(FileIdentity network)
    {
        try
        {
            var context = LibNftables.nft_ctx_new(0);
            if (context == 0 || LibNftables.nft_ctx_buffer_output(context) != 0 || LibNftables.nft_ctx_buffer_error(context) != 0)
            {
                throw new DriverException("libnftables has no memory, or no netlink socket could be opened", DriverErrorKind.Failed);
            }

            return new(context, network);
        }
        catch (DllNotFoundException e)
        {
            throw new DriverException(
                "the bridge driver needs libnftables.so.1 (Debian package libnftables1)", DriverErrorKind.Unavailable, cause: e);
        }
    }

    internal (string? Error, string Output) Run(string text, uint flags)
    {
        LibNftables.nft_ctx_output_set_flags(_context, flags);
        var code = LibNftables.nft_run_cmd_from_buffer(_context, text);
        var output = TextOf(LibNftables.nft_ctx_get_output_buffer(_context));
        var error = TextOf(LibNftables.nft_ctx_get_error_buffer(_context));
        return code == 0 ? (null, output) : (FirstLine(error), "");
    }

    public void Dispose() => LibNftables.nft_ctx_free(_context);

    // Behind it nft repeats the whole command, which may have a thousand elements.
    private static string FirstLine(string error)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "nft gave no reason" : lines[0].Split("Error: ", 2)[^1];
    }

    private static string TextOf(byte* buffer) => Marshal.PtrToStringUTF8((nint)buffer) ?? "";
}
