using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Settings;

/// <summary>A file that others replace, read again whenever it is another one.</summary>
/// <remarks>
/// A look at its inode number is enough. The one that was read is kept open, so that its number cannot come to mean a later file; and
/// a query that was received after rename(2) had returned sees the new file, since it looks after it was received. Length and time are
/// compared for the sake of those who write by hand into the file that is there.
/// </remarks>
internal sealed unsafe class FollowedFile(int directory, string name)
{
    private const int LargestFile = 16 * 1024 * 1024;
    private readonly byte[] _name = System.Text.Encoding.UTF8.GetBytes(name + "\0");
    private int _fd = -1;
    private (ulong Device, ulong Inode, long Size, long Seconds, long Nanoseconds) _version;

    /// <summary>Whether it is another one than last time, or gone, or come.</summary>
    /// <param name="content">What it holds; nothing when it is missing.</param>
    internal bool TryReadNew(out byte[] content)
    {
        content = [];
        fixed (byte* path = _name)
        {
            var result = Kernel.StatusAt(directory, path, out var status);
            if (result >= 0 && (_fd < 0 || Version(status) != _version))
            {
                result = Kernel.Open(directory, path, Kernel.O_RDONLY | Kernel.O_NONBLOCK);
                return result >= 0 ? TryTake(result, out content) : result == -(int)Errno.ENOENT && TryForget();
            }

            // Only what is not there is gone. What cannot be looked at now, for want of descriptors, is as it was.
            return result == -(int)Errno.ENOENT && TryForget();
        }
    }

    private bool TryTake(int fd, out byte[] content)
    {
        _ = TryForget();
        _fd = fd;

        // The file that was opened may be newer than the one that was looked at.
        _ = Kernel.Status(fd, out var opened);
        _version = Version(opened);
        content = Read((int)Math.Min(opened.Size, LargestFile));
        return true;
    }

    private bool TryForget()
    {
        if (_fd < 0)
        {
            return false;
        }

        Kernel.Close(_fd);
        _fd = -1;
        return true;
    }

    private byte[] Read(int size)
    {
        var content = new byte[size];
        var length = 0;
        fixed (byte* bytes = content)
        {
            nint read;
            while (length < size && (read = Kernel.Read(_fd, bytes + length, size - length)) > 0)
            {
                length += (int)read;
            }
        }

        return length == size ? content : content[..length];
    }

    private static (ulong Device, ulong Inode, long Size, long Seconds, long Nanoseconds) Version(in FileStatus status)
    {
        var times = stackalloc long[4];
        status.CopyTimes(times);
        return (status.Device, status.Inode, status.Size, times[2], times[3]);
    }
}
