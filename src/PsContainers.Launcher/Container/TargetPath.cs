using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Container;

/// <summary>Finds, and where needed makes, the place inside the new root that a step works on.</summary>
/// <remarks>
/// An image is hostile input: `/proc` may be a symlink to `/etc` of the host. openat2(2) with RESOLVE_IN_ROOT makes every symlink
/// and `..` stay inside the root, and the mount then goes to the descriptor, not to a name that could change (CVE-2021-30465).
/// </remarks>
internal static unsafe class TargetPath
{
    private const ulong Resolve = Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS;
    private const int MaximumPath = 4096;
    private const int MaximumLinks = 16;

    internal static int Open(ref ContainerContext context, byte* path) =>
        context.At(FailurePoint.OpenTarget, Kernel.OpenResolved(context.Root, path, Kernel.O_PATH, Resolve));

    /// <param name="links">Whether a symlink of the image may stand on the way; it never leads out of the root.</param>
    internal static int OpenOrMake(ref ContainerContext context, byte* path, bool directory, bool links = true)
    {
        var resolve = Resolve | (links ? 0 : Kernel.RESOLVE_NO_SYMLINKS);
        var fd = Kernel.OpenResolved(context.Root, path, Kernel.O_PATH, resolve);
        if (fd != -(int)Errno.ENOENT)
        {
            return context.At(FailurePoint.OpenTarget, fd);
        }

        var made = Make(context.Root, path, directory, 0);
        if (made < 0 || links)
        {
            return context.At(FailurePoint.MakeTarget, made);
        }

        Kernel.Close(made);
        return context.At(FailurePoint.OpenTarget, Kernel.OpenResolved(context.Root, path, Kernel.O_PATH, resolve));
    }

    /// <summary>The directory that holds the last component, made when missing; <paramref name="name"/> points into the path.</summary>
    internal static int OpenParent(ref ContainerContext context, byte* path, byte* buffer, out byte* name)
    {
        var slash = LastSlash(path);
        name = path + slash + 1;
        var parent = new Text(buffer, MaximumPath);
        parent.Add("/"u8);
        parent.Add(new ReadOnlySpan<byte>(path, slash < 0 ? 0 : slash));
        return OpenOrMake(ref context, parent.Pointer, directory: true);
    }

    // The descriptor of what was made, or is there by now.
    private static int Make(int root, byte* path, bool directory, int links)
    {
        if (links > MaximumLinks)
        {
            return -(int)Errno.ELOOP;
        }

        var buffer = stackalloc byte[MaximumPath];
        var length = Kernel.Length(path);
        var start = 0;
        var parent = OpenHolder(root, path, length, buffer, ref start);
        while (start < length && parent >= 0)
        {
            var end = start;
            while (end < length && path[end] != '/')
            {
                end++;
            }

            if (end > start)
            {
                var isLast = IsOnlySlashes(path, end, length);
                var next = MakeComponent(root, parent, path, start, end, buffer, directory || !isLast, links);
                Kernel.Close(parent);
                parent = next;
            }

            start = end + 1;
        }

        return parent;
    }

    // Mostly all but the last component is there. Otherwise the walk begins at the root.
    private static int OpenHolder(int root, byte* path, int length, byte* buffer, ref int start)
    {
        var last = length;
        while (last > 0 && path[last - 1] != '/')
        {
            last--;
        }

        if (last > 1 && last < length && last < MaximumPath)
        {
            var prefix = new Text(buffer, MaximumPath);
            prefix.Add(new ReadOnlySpan<byte>(path, last));
            var holder = Kernel.OpenResolved(root, prefix.Pointer, Kernel.O_PATH | Kernel.O_DIRECTORY, Resolve);
            if (holder >= 0)
            {
                start = last;
                return holder;
            }
        }

        return Kernel.OpenResolved(root, Kernel.Literal("/"u8), Kernel.O_PATH, Resolve);
    }

    // Opens path[..end], made in its parent when it is not there; a dangling symlink has its target made.
    private static int MakeComponent(int root, int parent, byte* path, int start, int end, byte* buffer, bool directory, int links)
    {
        var prefix = new Text(buffer, MaximumPath);
        prefix.Add(new ReadOnlySpan<byte>(path, end));
        if (prefix.IsCut)
        {
            return -(int)Errno.ENAMETOOLONG;
        }

        var flags = Kernel.O_PATH | (directory ? Kernel.O_DIRECTORY : 0);
        var name = prefix.Pointer + start;
        var made = directory ? Kernel.MakeDirectory(parent, name, 0x1ed) : MakeFile(parent, name);
        if (made < 0 && made != -(int)Errno.EEXIST)
        {
            return made;
        }

        var fd = Kernel.OpenResolved(root, prefix.Pointer, flags, Resolve);
        if (made >= 0 || fd != -(int)Errno.ENOENT)
        {
            return fd;
        }

        made = MakeLinkTarget(root, parent, prefix.Pointer, start, name, directory, links);
        return made < 0 ? made : Kernel.OpenResolved(root, prefix.Pointer, flags, Resolve);
    }

    private static int MakeLinkTarget(int root, int parent, byte* prefix, int start, byte* name, bool directory, int links)
    {
        var target = stackalloc byte[MaximumPath];
        var link = (int)Kernel.Call(SyscallNumber.ReadLinkAt, parent, (nint)name, (nint)target, MaximumPath - 1);
        if (link < 0)
        {
            return link;
        }

        target[link] = 0;
        var buffer = stackalloc byte[MaximumPath];
        var path = new Text(buffer, MaximumPath);
        if (target[0] != '/')
        {
            path.Add(new ReadOnlySpan<byte>(prefix, start));
        }

        path.Add(target);
        var made = path.IsCut ? -(int)Errno.ENAMETOOLONG : Make(root, path.Pointer, directory, links + 1);
        return made < 0 ? made : Kernel.Close(made);
    }

    private static int MakeFile(int parent, byte* name)
    {
        var fd = Kernel.Open(parent, name, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_NOFOLLOW, 0x1a4);
        return fd < 0 ? fd : Kernel.Close(fd);
    }

    private static bool IsOnlySlashes(byte* path, int from, int length)
    {
        while (from < length && path[from] == '/')
        {
            from++;
        }

        return from == length;
    }

    private static int LastSlash(byte* path)
    {
        var slash = -1;
        for (var i = 0; path[i] != 0; i++)
        {
            slash = path[i] == '/' ? i : slash;
        }

        return slash;
    }
}
