using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A file without a name, in memory, sealed against every change. memfd_create(2)</summary>
/// <remarks>It stands at its beginning, for a child that reads it as its standard input.</remarks>
public sealed unsafe class MemoryFile : FileDescriptor
{
    /// <param name="name">Shown in /proc/PID/fd; need not be unique.</param>
    public static MemoryFile Create(string name, ReadOnlySpan<byte> content)
    {
        var file = new MemoryFile();
        file.Adopt(LinuxException.Check(
            Libc.memfd_create(name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING), nameof(Libc.memfd_create), name));
        try
        {
            file.Write(name, content);
            LinuxException.Check(Libc.fcntl(file.Number, Libc.F_ADD_SEALS, Libc.AllSeals), nameof(Libc.fcntl), name);
            LinuxException.Check(Libc.lseek(file.Number, 0, Libc.SEEK_SET), nameof(Libc.lseek), name);
        }
        catch (LinuxException)
        {
            file.Dispose();
            throw;
        }

        return file;
    }

    private void Write(string name, ReadOnlySpan<byte> content)
    {
        fixed (byte* bytes = content)
        {
            for (nint at = 0; at < content.Length;)
            {
                at += (nint)LinuxException.Check((long)Libc.write_bytes(Number, bytes + at, content.Length - at), "write", name);
            }
        }
    }
}
