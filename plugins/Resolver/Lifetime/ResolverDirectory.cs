using System.Globalization;
using System.Text;
using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Lifetime;

/// <summary>The directory of one network's resolver, held open: one that takes its place is another resolver's.</summary>
internal sealed unsafe class ResolverDirectory
{
    private const int OwnerWrites = 0x1a4; // 0644
    private const int OwnerOnly = 0x180; // 0600
    private const int LargestPid = 32;
    private int _lock = -1;
    private int _namesLock = -1;

    /// <exception cref="LinuxException">There is no such directory.</exception>
    internal ResolverDirectory(string path)
    {
        Path = path;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            Descriptor = LinuxCall.Check(
                Kernel.Open(Kernel.AtFdCwd, name, Kernel.O_RDONLY | Kernel.O_DIRECTORY), "open", path);
        }
    }

    internal string Path { get; }

    internal int Descriptor { get; }

    /// <summary>Takes `lock` for the life of this process; false when another one has it.</summary>
    internal bool TryLock() => TryLock("lock\0"u8, ref _lock);

    internal void Unlock() => Release(ref _lock);

    /// <summary>Takes `names.lock`, which whoever changes `names` holds. One in a directory that is gone excludes nobody.</summary>
    internal bool TryLockNames()
    {
        try
        {
            return TryLock("names.lock\0"u8, ref _namesLock);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return true;
        }
    }

    internal void UnlockNames() => Release(ref _namesLock);

    internal void RemovePid() => Kernel.Remove(Descriptor, Kernel.Literal("pid"u8), 0);

    /// <summary>Says which process listens, to whoever wonders.</summary>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    internal void WritePid()
    {
        var temporary = Kernel.Literal(".pid.new"u8);
        var fd = LinuxCall.Check(
            Kernel.Open(Descriptor, temporary, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_TRUNC, OwnerWrites), "open", $"{Path}/.pid.new");
        var content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        fixed (byte* bytes = content)
        {
            var written = Kernel.WriteAll(fd, bytes, content.Length);
            Kernel.Close(fd);
            _ = LinuxCall.Check(written, "write", $"{Path}/.pid.new");
        }

        _ = LinuxCall.Check(Kernel.RenameAt(Descriptor, temporary, Kernel.Literal("pid"u8)), "rename", $"{Path}/pid");
    }

    /// <summary>Whether `pid` names a process that lives, and not one that was killed, whose successor has just begun.</summary>
    internal bool IsServed()
    {
        var fd = Kernel.Open(Descriptor, Kernel.Literal("pid"u8), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return false;
        }

        var text = stackalloc byte[LargestPid];
        var length = (int)Kernel.Read(fd, text, LargestPid);
        Kernel.Close(fd);
        return length > 0
            && int.TryParse(new ReadOnlySpan<byte>(text, length).TrimEnd((byte)'\n'), CultureInfo.InvariantCulture, out var pid)
            && Directory.Exists($"/proc/{pid}");
    }

    /// <summary>The log, emptied when earlier processes have filled it.</summary>
    /// <returns>A descriptor, or −errno.</returns>
    internal int OpenLog(long limit)
    {
        var fd = Kernel.Open(
            Descriptor, Kernel.Literal("log"u8), Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_APPEND | Kernel.O_NOFOLLOW, OwnerOnly);
        if (fd >= 0 && Kernel.Status(fd, out var status) >= 0 && status.Size > limit)
        {
            Kernel.Truncate(fd, 0);
        }

        return fd;
    }

    private bool TryLock(ReadOnlySpan<byte> name, ref int held)
    {
        fixed (byte* path = name)
        {
            var text = Encoding.UTF8.GetString(name[..^1]);

            // Not to write: to close it then would be an event in the directory, on which it would be tried again without a pause.
            var fd = LinuxCall.Check(
                Kernel.Open(Descriptor, path, Kernel.O_RDONLY | Kernel.O_CREAT | Kernel.O_NOFOLLOW, OwnerOnly), "open", $"{Path}/{text}");
            var result = Kernel.TryLock(fd);
            if (result >= 0)
            {
                held = fd;
                return true;
            }

            Kernel.Close(fd);
            return result == -(int)Errno.EAGAIN ? false : throw new LinuxException("flock", $"{Path}/{text}", (Errno)(-result));
        }
    }

    private static void Release(ref int held)
    {
        if (held >= 0)
        {
            Kernel.Close(held);
            held = -1;
        }
    }
}
