using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Plugins.Manifests;

/// <summary>Refuses files that somebody else could change: what a plugin holds is run by root.</summary>
/// <remarks>Who may rename a folder's parent may replace the folder: so all folders above count, too.</remarks>
internal static class FileTrust
{
    private const int OthersWrite = 0x12; // 0022
    private const int Sticky = 0x200; // 01000: only a file's owner may replace it
    private static readonly Lazy<uint> _self = new(Self);

    /// <exception cref="DriverException">The folder, or one above it, is not there or is not root's alone.</exception>
    public static void CheckFolder(string folder)
    {
        try
        {
            using var opened = DirectoryDescriptor.OpenFollowing(folder);
            CheckChain(opened.ReadRealPath());
        }
        catch (LinuxException e)
        {
            throw new DriverException($"{folder}: {e.Message}", DriverErrorKind.InvalidRequest, cause: e);
        }
    }

    /// <summary>Checks a file by its path relative to a folder that was checked.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="DriverException">It is not root's alone, or no file.</exception>
    public static FileStat? CheckFile(string folder, string file)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file));
        try
        {
            if (StatusOf(path) is not { } status)
            {
                return null;
            }

            CheckStatus(path, status, OthersWrite);
            return status.Kind == FileKind.Regular
                ? status
                : throw new DriverException($"{path}: not a file", DriverErrorKind.InvalidRequest);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or LinuxException { Errno: Errno.ENOENT })
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"{path}: {e.Message}", DriverErrorKind.InvalidRequest, cause: e);
        }
    }

    /// <summary>Checks a socket by its absolute path: who listens there is believed.</summary>
    /// <remarks>
    /// Who may write to it doesn't matter, that only lets him ask. One that is not there is right: it can't be connected to.
    /// </remarks>
    /// <exception cref="DriverException">It is somebody else's, or no socket.</exception>
    public static void CheckSocket(string path)
    {
        try
        {
            if (StatusOf(path) is not { } status)
            {
                return;
            }

            CheckStatus(path, status, 0);
            if (status.Kind != FileKind.Socket)
            {
                throw new DriverException($"{path}: not a socket", DriverErrorKind.InvalidRequest);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or LinuxException { Errno: Errno.ENOENT })
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new DriverException($"{path}: {e.Message}", DriverErrorKind.InvalidRequest, cause: e);
        }
    }

    // Of what a link leads to, whose folders count instead.
    private static FileStat? StatusOf(string path)
    {
        var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        using var parent = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(real)!);
        CheckChain(parent.ReadRealPath());
        return parent.StatusOf(Path.GetFileName(real));
    }

    private static void CheckChain(string realPath)
    {
        for (var folder = realPath; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            using var opened = DirectoryDescriptor.OpenFollowing(folder);
            var status = opened.StatusOf(".")!.Value;
            CheckStatus(folder, status, folder != realPath && (status.Mode & Sticky) != 0 ? 0 : OthersWrite);
        }
    }

    private static void CheckStatus(string path, FileStat status, int forbidden)
    {
        if (status.UserId != 0 && status.UserId != _self.Value)
        {
            throw new DriverException(
                $"{path}: belongs to user {status.UserId}, who could change what the engine runs; make it root's",
                DriverErrorKind.InvalidRequest);
        }

        if ((status.Mode & forbidden) != 0)
        {
            throw new DriverException(
                $"{path}: its group or everybody may write to it (mode {Convert.ToString(status.Mode, 8)}), and so change what the engine "
                    + "runs; take that right away (chmod go-w)",
                DriverErrorKind.InvalidRequest);
        }
    }

    // procfs: a process's folder belongs to its effective user.
    private static uint Self()
    {
        using var own = DirectoryDescriptor.OpenFollowing("/proc/self");
        return own.StatusOf(".")!.Value.UserId;
    }
}
