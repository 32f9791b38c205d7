using System.Text;
using PsContainers.Linux.Bare;

namespace PsContainers.Linux;

/// <summary>Reads and writes small files in one go.</summary>
/// <remarks>
/// By bare system calls: a command that reads and writes three files and ends pays for all the code behind the first use of
/// <see cref="File"/>, a tenth of the processor time of the launcher's `run`.
/// </remarks>
public static unsafe class WholeFile
{
    private const int SmallestBuffer = 512;
    private const int OwnerWrites = 0x1a4; // 0644

    /// <summary>The content; null when there is no such file, or what it tells of has gone: a process, a control group.</summary>
    /// <param name="limit">Bytes after which no more are read.</param>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static byte[]? TryRead(string path, int limit = int.MaxValue)
    {
        fixed (byte* name = Terminated(path))
        {
            var fd = Kernel.Open(Kernel.AtFdCwd, name, Kernel.O_RDONLY);
            try
            {
                return IsAbsent(fd) ? null : ReadAll(Check(fd, "open", path), path, limit);
            }
            finally
            {
                Kernel.Close(fd);
            }
        }
    }

    /// <summary>What can be read from standard input, as <see cref="TryRead"/>.</summary>
    public static byte[] ReadStandardInput(int limit) => ReadAll(0, "standard input", limit) ?? [];

    /// <summary>The content as text; null as for <see cref="TryRead"/>.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static string? TryReadText(string path) => TryRead(path) is { } content ? Encoding.UTF8.GetString(content) : null;

    /// <summary>Whether there is something of this name. <see cref="File.Exists"/> says no, too, when it could not look.</summary>
    /// <exception cref="LinuxException">It cannot be told.</exception>
    public static bool Exists(string path)
    {
        fixed (byte* name = Terminated(path))
        {
            var fd = Kernel.Open(Kernel.AtFdCwd, name, Kernel.O_PATH);
            if (IsAbsent(fd))
            {
                return false;
            }

            Kernel.Close(Check(fd, "open", path));
            return true;
        }
    }

    /// <summary>Makes a file that must not be there yet.</summary>
    /// <exception cref="LinuxException">It is there, or cannot be written.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content)
    {
        fixed (byte* name = Terminated(path))
        fixed (byte* bytes = content)
        {
            var flags = Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL;
            var fd = Check(Kernel.Open(Kernel.AtFdCwd, name, flags, OwnerWrites), "open", path);
            var written = Kernel.WriteAll(fd, bytes, content.Length);
            Kernel.Close(fd);
            Check(written, "write", path);
        }
    }

    /// <summary>Gives a file another name, which may be one that is taken. rename(2)</summary>
    public static void Rename(string path, string newPath)
    {
        fixed (byte* from = Terminated(path))
        fixed (byte* to = Terminated(newPath))
        {
            Check(Kernel.Rename(from, to), "rename", newPath);
        }
    }

    // The file's length is a hint only: procfs gives none, and cgroupfs always a page.
    private static byte[]? ReadAll(int fd, string path, int limit)
    {
        Check(Kernel.Status(fd, out var status), "fstat", path);
        var content = new byte[Math.Min(Math.Max(status.Size + 1, SmallestBuffer), limit)];
        for (var length = 0; ;)
        {
            nint read;
            fixed (byte* bytes = content)
            {
                read = Kernel.Read(fd, bytes + length, content.Length - length);
            }

            if (IsAbsent((int)read))
            {
                return null;
            }

            length += Check((int)read, "read", path);
            if (read == 0 || length >= limit)
            {
                Array.Resize(ref content, length);
                return content;
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(content.Length * 4L, limit));
            }
        }
    }

    private static bool IsAbsent(int result) =>
        result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR or -(int)Errno.ESRCH or -(int)Errno.ENODEV;

    private static int Check(int result, string call, string path) =>
        result >= 0 ? result : throw new LinuxException(call, path, (Errno)(-result));

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + "\0");
}
