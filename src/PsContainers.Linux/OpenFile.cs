using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A regular file that was opened or made inside a directory.</summary>
public sealed unsafe class OpenFile : FileDescriptor
{
    private readonly string _name;

    internal OpenFile(string name) => _name = name;

    /// <summary>What errors call it.</summary>
    internal string ShownPath => _name;

    public FileStat Status
    {
        get
        {
            Libc.StatxBuffer status;
            LinuxException.Check(
                Libc.statx_name(Number, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &status), "statx", _name);
            return FileStat.Of(status);
        }
    }

    /// <summary>Reads up to the buffer's length at an offset; 0 is the end of the file.</summary>
    public int ReadAt(Span<byte> buffer, long offset)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var read = Libc.pread(Number, bytes, (nuint)buffer.Length, offset);
                if (read >= 0 || (Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return (int)LinuxException.Check(read, nameof(Libc.pread), _name);
                }
            }
        }
    }

    /// <summary>Writes everything at an offset; what lies between it and the former end becomes a hole.</summary>
    public void WriteAt(ReadOnlySpan<byte> buffer, long offset)
    {
        fixed (byte* bytes = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var written = Libc.pwrite(Number, bytes + done, (nuint)(buffer.Length - done), offset + done);
                if (written < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.EINTR)
                {
                    continue;
                }

                done += (int)LinuxException.Check(written, nameof(Libc.pwrite), _name);
            }
        }
    }

    /// <summary>Where the next data is, at an offset or behind it; the largest number when only a hole follows. lseek(2)</summary>
    public long NextData(long offset)
    {
        var found = Libc.lseek(Number, offset, Libc.SEEK_DATA);
        return found >= 0 || (Errno)Marshal.GetLastPInvokeError() != Errno.ENXIO
            ? LinuxException.Check(found, nameof(Libc.lseek), _name)
            : long.MaxValue;
    }

    /// <summary>
    /// Where the next hole begins; the end of the file counts as one. An offset behind the end, which may have moved, is in it.
    /// </summary>
    public long NextHole(long offset)
    {
        var found = Libc.lseek(Number, offset, Libc.SEEK_HOLE);
        return found >= 0 || (Errno)Marshal.GetLastPInvokeError() != Errno.ENXIO
            ? LinuxException.Check(found, nameof(Libc.lseek), _name)
            : offset;
    }

    /// <summary>Waits until the content is on the disk. fsync(2)</summary>
    public void Synchronize() => LinuxException.Check(Libc.fsync(Number), nameof(Libc.fsync), _name);

    public void SetLength(long length) => LinuxException.Check(Libc.ftruncate(Number, length), nameof(Libc.ftruncate), _name);

    public void SetOwner(uint userId, uint groupId) =>
        LinuxException.Check(Libc.fchown(Number, userId, groupId), nameof(Libc.fchown), _name);

    public void SetMode(int mode) => LinuxException.Check(Libc.fchmod(Number, (uint)mode), nameof(Libc.fchmod), _name);

    /// <summary>Sets the time of the last change of the content, and the time of the last access to the same.</summary>
    public void SetModified(FileTime time)
    {
        var times = stackalloc Libc.TimeSpecification[2];
        times[0] = new() { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
        times[1] = times[0];
        LinuxException.Check(Libc.futimens(Number, times), nameof(Libc.futimens), _name);
    }

    public void SetAttribute(string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            LinuxException.Check(
                Libc.fsetxattr(Number, attribute, bytes, (nuint)value.Length, 0), nameof(Libc.fsetxattr), $"{_name}, {attribute}");
        }
    }
}
