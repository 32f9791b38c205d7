using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Host;

/// <summary>The socket on which a caller waits for a terminal's master. runc, "docs/terminals.md"</summary>
internal static unsafe class ConsoleSocket
{
    private const int MaximumPath = 107;
    private const int PathBytes = 256;

    /// <summary>Connects to a path of any length: what does not fit into an address is named through its directory's descriptor.</summary>
    internal static int Connect(byte* path)
    {
        var span = Kernel.Span(path);
        if (span.Length <= MaximumPath)
        {
            return Kernel.ConnectStream(span);
        }

        var slash = span.LastIndexOf((byte)'/');
        var parent = stackalloc byte[slash + 2];
        span[..(slash + 1)].CopyTo(new Span<byte>(parent, slash + 1));
        parent[slash + 1] = 0;
        var directory = Kernel.Open(Kernel.AtFdCwd, parent, Kernel.O_PATH | Kernel.O_DIRECTORY);
        if (directory < 0)
        {
            return directory;
        }

        var buffer = stackalloc byte[PathBytes];
        var name = new Text(buffer, PathBytes);
        name.Add("/proc/self/fd/"u8);
        name.Add(directory);
        name.Add("/"u8);
        name.Add(span[(slash + 1)..]);
        var result = name.Length > MaximumPath
            ? -(int)Errno.ENAMETOOLONG
            : Kernel.ConnectStream(new ReadOnlySpan<byte>(name.Pointer, name.Length));
        Kernel.Close(directory);
        return result;
    }
}
