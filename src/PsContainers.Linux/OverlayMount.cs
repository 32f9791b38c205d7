using System.Runtime.InteropServices;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Folders stacked by the kernel's overlay file system, to be read only.</summary>
/// <remarks>kernel: Documentation/filesystems/overlayfs.rst, "Multiple lower layers"</remarks>
public static class OverlayMount
{
    private const string Type = "overlay";
    private const string Unattached = "pscontainers";

    // What fsconfig(2) takes of a string, with its NUL.
    private const int MaximumParameter = 256;

    /// <summary>Mounts a stack over a directory, which appears whole or not at all.</summary>
    /// <param name="layers">At least two, the topmost first.</param>
    /// <param name="source">What the list of mounts says that it comes from.</param>
    public static void Attach(IReadOnlyList<string> layers, string target, string source)
    {
        using var context = OpenContext();
        if (!TryConfigure(context, layers, source))
        {
            AttachByText(layers, target, source);
            return;
        }

        using var mount = Mount(context, target);
        LinuxException.Check(
            Libc.move_mount(SyscallNumber.MoveMount, mount.Number, "", Libc.AT_FDCWD, target, Libc.MOVE_MOUNT_F_EMPTY_PATH),
            nameof(Libc.move_mount),
            target);
    }

    /// <summary>The top of a stack that is mounted nowhere, for whoever holds it alone.</summary>
    /// <param name="layers">The topmost first. One alone is what it is, with its whiteouts: an empty folder below it hides those.</param>
    /// <remarks>Linux before 6.5 takes fifteen layers or so; E2BIG is for more.</remarks>
    public static DirectoryDescriptor Open(IReadOnlyList<string> layers)
    {
        ArgumentOutOfRangeException.ThrowIfZero(layers.Count);
        if (layers.Count == 1)
        {
            return OpenAlone(layers[0]);
        }

        using var context = OpenContext();
        if (TryConfigure(context, layers, Unattached))
        {
            using var mount = Mount(context, layers[0]);
            return DirectoryDescriptor.OpenMount(mount.Number, layers[0]);
        }

        return OpenByText(layers);
    }

    /// <summary>Takes the topmost mount off a directory.</summary>
    /// <param name="lazily">Whether those that still use it may keep it.</param>
    public static void Detach(string target, bool lazily) => LinuxException.Check(
        Libc.umount2(target, Libc.UMOUNT_NOFOLLOW | (lazily ? Libc.MNT_DETACH : 0)), nameof(Libc.umount2), target);

    /// <summary>As <see cref="Open"/> does before Linux 6.5.</summary>
    internal static DirectoryDescriptor OpenByText(IReadOnlyList<string> layers)
    {
        // Paths would rarely fit; the links in /proc are as good, and short.
        var opened = new List<PathDescriptor>();
        try
        {
            foreach (var layer in layers)
            {
                opened.Add(PathDescriptor.Open(layer));
            }

            var text = string.Join(':', opened.Select(layer => layer.SelfPath));
            if (text.Length >= MaximumParameter)
            {
                throw new LinuxException(nameof(Libc.fsconfig), $"{layers.Count} layers at {layers[0]}", Errno.E2BIG);
            }

            using var context = OpenContext();
            LinuxException.Check(
                Configure(context, Libc.FSCONFIG_SET_STRING, "lowerdir", text), nameof(Libc.fsconfig), layers[0]);
            if (!TryCreate(context, Unattached))
            {
                throw new LinuxException(nameof(Libc.fsconfig), $"{layers.Count} layers at {layers[0]}", Errno.EINVAL);
            }

            using var mount = Mount(context, layers[0]);
            return DirectoryDescriptor.OpenMount(mount.Number, layers[0]);
        }
        finally
        {
            opened.ForEach(layer => layer.Dispose());
        }
    }

    // Overlay wants two layers at least. A read-only view of the one is the same, as nothing is below it.
    private static unsafe DirectoryDescriptor OpenAlone(string layer)
    {
        using var place = PathDescriptor.Open(layer);
        var number = Kernel.CloneTree(place.Number, Kernel.Literal(""u8), recursive: false);
        using var mount = new MountDescriptor(number >= 0 ? number : throw new LinuxException("open_tree", layer, (Errno)(-number)));
        var result = Kernel.SetMountAttributes(
            mount.Number, Kernel.Literal(""u8), Libc.AT_EMPTY_PATH, Libc.MOUNT_ATTR_RDONLY, 0, Kernel.MS_PRIVATE);
        return result >= 0
            ? DirectoryDescriptor.OpenMount(mount.Number, layer)
            : throw new LinuxException("mount_setattr", layer, (Errno)(-result));
    }

    private static MountDescriptor OpenContext() => new((int)LinuxException.Check(
        Libc.fsopen(SyscallNumber.FsOpen, Type, Libc.FSOPEN_CLOEXEC), nameof(Libc.fsopen), Type));

    private static MountDescriptor Mount(MountDescriptor context, string target) => new((int)LinuxException.Check(
        Libc.fsmount(SyscallNumber.FsMount, context.Number, Libc.FSMOUNT_CLOEXEC, Libc.MOUNT_ATTR_RDONLY),
        nameof(Libc.fsmount),
        target));

    // False before Linux 6.5, which does not know lowerdir+: it may notice that at the first of them, or not before all are there.
    private static bool TryConfigure(MountDescriptor context, IReadOnlyList<string> layers, string source)
    {
        foreach (var layer in layers)
        {
            if (Configure(context, Libc.FSCONFIG_SET_STRING, "lowerdir+", layer) >= 0)
            {
                continue;
            }

            // Or when they fill a page: as text they may be fewer characters.
            return (Errno)Marshal.GetLastPInvokeError() == Errno.EINVAL ? false : throw LinuxException.Last(nameof(Libc.fsconfig), layer);
        }

        return TryCreate(context, source);
    }

    private static bool TryCreate(MountDescriptor context, string source)
    {
        LinuxException.Check(Configure(context, Libc.FSCONFIG_SET_STRING, "source", source), nameof(Libc.fsconfig), source);
        if (Configure(context, Libc.FSCONFIG_CMD_CREATE, null, null) >= 0)
        {
            return true;
        }

        var failure = LinuxException.Last(nameof(Libc.fsconfig), source);
        return failure.Errno == Errno.EINVAL ? false : throw failure;
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
