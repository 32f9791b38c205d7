using System.Runtime.InteropServices;

namespace PsContainers.Bridge.Firewall;

/// <summary>The library that the program nft is made of. libnftables(3)</summary>
internal static unsafe partial class LibNftables
{
    internal const uint OutputJson = 1 << 4;
    internal const uint OutputTerse = 1 << 11;

    private const string Name = "libnftables.so.1";

    [LibraryImport(Name)]
    internal static partial nint nft_ctx_new(uint flags);

    [LibraryImport(Name)]
    internal static partial void nft_ctx_free(nint ctx);

    [LibraryImport(Name)]
    internal static partial int nft_ctx_buffer_output(nint ctx);

    [LibraryImport(Name)]
    internal static partial int nft_ctx_buffer_error(nint ctx);

    [LibraryImport(Name)]
    internal static partial byte* nft_ctx_get_output_buffer(nint ctx);

    [LibraryImport(Name)]
    internal static partial byte* nft_ctx_get_error_buffer(nint ctx);

    [LibraryImport(Name)]
    internal static partial void nft_ctx_output_set_flags(nint ctx, uint flags);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int nft_run_cmd_from_buffer(nint nft, string buf);
}
