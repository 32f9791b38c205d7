using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Container;

/// <summary>Copies a directory's content with types, modes, owners and times; never through a symlink.</summary>
/// <remarks>Bounded by depth here, and in size by the file system that is copied to.</remarks>
internal static unsafe class TreeCopy
{
    private const int MaximumDepth = 128;
    private const int EntriesBytes = 4096;
    private const int BufferBytes = 16384;
    private const int PermissionBits = 0xfff;
    private const int NameOffset = 19; // struct linux_dirent64
    private const int LengthOffset = 16;

    internal static int CopyContent(int from, int to, int depth)
    {
        if (depth > MaximumDepth)
        {
            return -(int)Errno.ELOOP;
        }

        var entries = stackalloc byte[EntriesBytes];
        nint count;
        while ((count = Kernel.Call(SyscallNumber.GetDents64, from, (nint)entries, EntriesBytes)) > 0)
        {
            for (nint at = 0; at < count; at += *(ushort*)(entries + at + LengthOffset))
            {
                var name = entries + at + NameOffset;
                var result = Kernel.Equal(name, "."u8) || Kernel.Equal(name, ".."u8) ? 0 : CopyEntry(from, to, name, depth);
                if (result < 0)
                {
                    return result;
                }
            }
        }

        return (int)count;
    }

    private static int CopyEntry(int from, int to, byte* name, int depth)
    {
        var entry = Kernel.Open(from, name, Kernel.O_PATH | Kernel.O_NOFOLLOW);
        if (entry < 0)
        {
            return entry;
        }

        var result = Kernel.Status(entry, out var status);
        if (result >= 0)
        {
            result = ((int)status.Mode & Kernel.S_IFMT) switch
            {
                Kernel.S_IFDIR => CopyDirectory(from, to, name, in status, depth),
                Kernel.S_IFREG => CopyFile(from, to, name, in status),
                Kernel.S_IFLNK => CopyLink(entry, to, name, in status),
                Kernel.S_IFCHR or Kernel.S_IFBLK or Kernel.S_IFIFO => CopyNode(to, name, in status),

                // A socket without its owner is dead.
                _ => 0,
            };
        }

        Kernel.Close(entry);
        return result;
    }

    private static int CopyDirectory(int from, int to, byte* name, in FileStatus status, int depth)
    {
        var result = Kernel.MakeDirectory(to, name, 0x1c0);
        if (result < 0)
        {
            return result;
        }

        var flags = Kernel.O_RDONLY | Kernel.O_DIRECTORY | Kernel.O_NOFOLLOW;
        var source = Kernel.Open(from, name, flags);
        var target = source < 0 ? source : Kernel.Open(to, name, flags);
        result = target;
        if (target >= 0)
        {
            result = CopyContent(source, target, depth + 1);
            result = result < 0 ? result : CopyProperties(target, in status);
            Kernel.Close(target);
        }

        if (source >= 0)
        {
            Kernel.Close(source);
        }

        return result;
    }

    private static int CopyFile(int from, int to, byte* name, in FileStatus status)
    {
        var source = Kernel.Open(from, name, Kernel.O_RDONLY | Kernel.O_NOFOLLOW | Kernel.O_NONBLOCK);
        var target = source < 0
            ? source
            : Kernel.Open(to, name, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_NOFOLLOW, 0x180);
        var result = target;
        if (target >= 0)
        {
            result = CopyBytes(source, target);
            result = result < 0 ? result : CopyProperties(target, in status);
            Kernel.Close(target);
        }

        if (source >= 0)
        {
            Kernel.Close(source);
        }

        return result;
    }

    private static int CopyBytes(int source, int target)
    {
        var buffer = stackalloc byte[BufferBytes];
        nint count;
        while ((count = Kernel.Read(source, buffer, BufferBytes)) > 0)
        {
            var result = Kernel.WriteAll(target, buffer, count);
            if (result < 0)
            {
                return result;
            }
        }

        return (int)count;
    }

    private static int CopyLink(int entry, int to, byte* name, in FileStatus status)
    {
        var text = stackalloc byte[ContainerContext.MaximumPath];
        var length = (int)Kernel.Call(
            SyscallNumber.ReadLinkAt, entry, (nint)Kernel.Literal(""u8), (nint)text, ContainerContext.MaximumPath - 1);
        if (length < 0)
        {
            return length;
        }

        text[length] = 0;
        var result = Kernel.MakeSymlink(text, to, name);
        return result < 0 ? result : Kernel.ChangeOwnerAt(to, name, status.User, status.Group);
    }

    private static int CopyNode(int to, byte* name, in FileStatus status)
    {
        var result = (int)Kernel.Call(SyscallNumber.MknodAt, to, (nint)name, (nint)status.Mode, (nint)status.RepresentedDevice);

        // In a user namespace no devices can be made; the copy does without.
        return result switch
        {
            -(int)Errno.EPERM => 0,
            < 0 => result,
            _ => Kernel.ChangeOwnerAt(to, name, status.User, status.Group),
        };
    }

    // The owner before the mode: chown(2) clears set-user-id.
    private static int CopyProperties(int fd, in FileStatus status)
    {
        var times = stackalloc long[4];
        status.CopyTimes(times);
        var result = Kernel.ChangeOwner(fd, status.User, status.Group);
        result = result < 0 ? result : Kernel.ChangeMode(fd, (int)status.Mode & PermissionBits);
        return result < 0 ? result : (int)Kernel.Call(SyscallNumber.Utimensat, fd, 0, (nint)times, 0);
    }
}
