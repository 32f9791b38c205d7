using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>mount(2), umount2(2), pivot_root(2), fsopen(2), fsconfig(2), fsmount(2), move_mount(2), mount_setattr(2).</summary>
internal static unsafe partial class Kernel
{
    internal const ulong MS_RDONLY = 1;
    internal const ulong MS_REMOUNT = 32;
    internal const ulong MS_BIND = 4096;
    internal const ulong MS_REC = 16384;
    internal const ulong MS_UNBINDABLE = 1 << 17;
    internal const ulong MS_PRIVATE = 1 << 18;
    internal const ulong MS_SLAVE = 1 << 19;
    internal const ulong MS_SHARED = 1 << 20;
    internal const ulong MOUNT_ATTR_IDMAP = 0x100000;
    internal const int OPEN_TREE_CLONE = 1;
    internal const long PROC_SUPER_MAGIC = 0x9fa0;
    internal const int MNT_DETACH = 2;
    internal const int AT_RECURSIVE = 0x8000;
    internal const int FSCONFIG_SET_FLAG = 0;
    internal const int FSCONFIG_SET_STRING = 1;
    internal const int FSCONFIG_CMD_CREATE = 6;
    internal const int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    internal const int MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    internal static int Mount(byte* source, byte* target, byte* type, ulong flags, byte* data) =>
        (int)Call(SyscallNumber.Mount, (nint)source, (nint)target, (nint)type, (nint)flags, (nint)data);

    internal static int Unmount(byte* target, int flags) => (int)Call(SyscallNumber.Umount2, (nint)target, flags);

    internal static int PivotRoot(byte* newRoot, byte* putOld) => (int)Call(SyscallNumber.PivotRoot, (nint)newRoot, (nint)putOld);

    internal static int OpenFileSystem(byte* type) => (int)Call(SyscallNumber.FsOpen, (nint)type, 1); // FSOPEN_CLOEXEC

    internal static int Configure(int fs, int command, byte* key, byte* value) =>
        (int)Call(SyscallNumber.FsConfig, fs, command, (nint)key, (nint)value, 0);

    internal static int MountFileSystem(int fs, uint attributes) =>
        (int)Call(SyscallNumber.FsMount, fs, 1, (nint)attributes); // FSMOUNT_CLOEXEC

    internal static int MoveMount(int fromFd, int toFd) =>
        (int)Call(
            SyscallNumber.MoveMount, fromFd, (nint)Literal(""u8), toFd, (nint)Literal(""u8),
            MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);

    /// <summary>A copy of a mount, or of the tree of mounts below a path, that is attached nowhere yet.</summary>
    internal static int CloneTree(int directory, byte* path, bool recursive) =>
        (int)Call(
            SyscallNumber.OpenTree, directory, (nint)path,
            OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0));

    /// <summary>The file system's number, PROC_SUPER_MAGIC for one; statfs(2) has them all.</summary>
    internal static long FileSystemOf(int fd)
    {
        var status = stackalloc long[15];
        var result = Call(SyscallNumber.Fstatfs, fd, (nint)status);
        return result < 0 ? result : status[0];
    }

    /// <summary>Maps the ids of a detached mount by those of a user namespace.</summary>
    internal static int MapIds(int mount, int userNamespace, bool recursive)
    {
        var attributes = stackalloc ulong[4];
        attributes[0] = MOUNT_ATTR_IDMAP;
        attributes[1] = 0;
        attributes[2] = 0;
        attributes[3] = (ulong)userNamespace;
        return (int)Call(
            SyscallNumber.MountSetAttr, mount, (nint)Literal(""u8), AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), (nint)attributes, 32);
    }

    /// <summary>
    /// Sets and clears MOUNT_ATTR_ flags and, when not 0, the propagation (MS_SHARED …) of a mount and, if asked, of those below it.
    /// </summary>
    internal static int SetMountAttributes(int directory, byte* path, int flags, ulong set, ulong clear, ulong propagation)
    {
        var attributes = stackalloc ulong[4];
        attributes[0] = set;
        attributes[1] = clear;
        attributes[2] = propagation;
        attributes[3] = 0;
        return (int)Call(SyscallNumber.MountSetAttr, directory, (nint)path, flags, (nint)attributes, 32);
    }
}
