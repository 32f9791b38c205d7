using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Folders stacked by the kernel's overlay file system, to be read only.</summary>
/// <remarks>kernel: Documentation/filesystems/overlayfs.rst, "Multiple lower layers"</remarks>
public static class OverlayMount
{
    private const string Type = "overlay";

    /// <summary>Mounts a stack over a directory, which appears whole or not at all.</summary>
    /// <param name="layers">At least two, the topmost first.</param>
    /// <param name="source">What the list of mounts says that it comes from.</param>
    public static void Attach(IReadOnlyList<string> layers, string target, string source)
    {
        var number = Libc.fsopen(SyscallNumber.FsOpen, Type, Libc.FSOPEN_CLOEXEC);
        using var context = new MountDescriptor((int)LinuxException.Check(number, nameof(Libc.fsopen), Type));
        if (!TryConfigure(context, layers, source))
        {
            AttachByText(layers, target, source);
            return;
        }

        var mounted = Libc.fsmount(SyscallNumber.FsMount, context.Number, Libc.FSMOUNT_CLOEXEC, Libc.MOUNT_ATTR_RDONLY);
        using var mount = new MountDescriptor((int)LinuxException.Check(mounted, nameof(Libc.fsmount), target));
        LinuxException.Check(
            Libc.move_mount(SyscallNumber.MoveMount, mount.Number, "", Libc.AT_FDCWD, target, Libc.MOVE_MOUNT_F_EMPTY_PATH),
            nameof(Libc.move_mount),
            target);
    }

    /// <summary>Takes the topmost mount off a directory.</summary>
    /// <param name="lazily">Whether those that still use it may keep it.</param>
    public static void Detach(string target, bool lazily) => LinuxException.Check(
        Libc.umount2(target, Libc.UMOUNT_NOFOLLOW | (lazily ? Libc.MNT_DETACH : 0)), nameof(Libc.umount2), target);

    // False before Linux 6.5, which does not know lowerdir+.
    private static bool TryConfigure(MountDescriptor context, IReadOnlyList<string> layers, string source)
    {
        foreach (var layer in layers)
        {
            if (Configure(context, Libc.FSCONFIG_SET_STRING, "lowerdir+", layer) >= 0)
            {
                continue;
            }

            var isUnknown = layer == layers[0] && (Errno)Marshal.GetLastPInvokeError() == Errno.EINVAL;
            return isUnknown ? false : throw LinuxException.Last(nameof(Libc.fsconfig), layer);
        }

        LinuxException.Check(Configure(context, Libc.FSCONFIG_SET_STRING, "source", source), nameof(Libc.fsconfig), source);
        LinuxException.Check(Configure(context, Libc.FSCONFIG_CMD_CREATE, null, null), nameof(Libc.fsconfig), source);
        return true;
    }

    private static long Configure(MountDescriptor context, uint command, string? key, string? value) =>
        Libc.fsconfig(SyscallNumber.FsConfig, context.Number, command, key, value, 0);

    // mount(2) takes a page of text: some sixty layers.
    private static void AttachByText(IReadOnlyList<string> layers, string target, string source)
    {
        var escaped = layers.Select(layer => layer
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal));
        LinuxException.Check(
            Libc.mount(source, target, Type, Libc.MS_RDONLY, $"lowerdir={string.Join(':', escaped)}"), nameof(Libc.mount), target);
    }

    private sealed class MountDescriptor : FileDescriptor
    {
        internal MountDescriptor(int number) => Adopt(number);
    }
}
