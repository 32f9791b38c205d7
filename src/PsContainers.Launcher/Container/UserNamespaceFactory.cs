using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>Makes a user namespace that nobody lives in, for its maps of ids.</summary>
/// <remarks>
/// A namespace is made with a process in it and outlives that process as long as a descriptor of it is open. Works in any process with one
/// thread that has CAP_SETUID and CAP_SETGID and sees a /proc, even one of a pid namespace above its own.
/// </remarks>
internal static unsafe class UserNamespaceFactory
{
    private const int PathBytes = 64;
    private const int InformationBytes = 1024;

    /// <param name="users">A line `inside outside count` per range, as uid_map takes it.</param>
    /// <returns>A descriptor of the namespace, or −errno.</returns>
    internal static int Make(byte* users, byte* groups)
    {
        var result = Kernel.Pipe(out var readEnd, out var writeEnd);
        if (result < 0)
        {
            return result;
        }

        var child = Kernel.Clone(Kernel.CLONE_NEWUSER | Kernel.CLONE_PIDFD, -1, out var pidFd);
        if (child == 0)
        {
            // Ends when the other end closes, whether its owner has finished or died.
            byte nothing;
            Kernel.Close(writeEnd);
            Kernel.Read(readEnd, &nothing, 1);
            Kernel.Exit(0);
        }

        Kernel.Close(readEnd);
        result = child < 0 ? child : PidOf(pidFd);
        if (result >= 0)
        {
            var pid = result;
            result = WriteMap(pid, "/uid_map"u8, users);
            result = result < 0 ? result : WriteMap(pid, "/gid_map"u8, groups);
            result = result < 0 ? result : OpenFile(pid, "/ns/user"u8, Kernel.O_RDONLY);
        }

        Kernel.Close(writeEnd);
        if (child >= 0)
        {
            Kernel.Wait(Kernel.P_PIDFD, pidFd, out _);
            Kernel.Close(pidFd);
        }

        return result;
    }

    // The number that clone gave counts in this process's pid namespace; /proc may be the host's. fdinfo counts as its /proc does.
    private static int PidOf(int pidFd)
    {
        var buffer = stackalloc byte[PathBytes];
        var path = new Text(buffer, PathBytes);
        path.Add("/proc/self/fdinfo/"u8);
        path.Add(pidFd);
        var fd = Kernel.Open(Kernel.AtFdCwd, path.Pointer, Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        var information = stackalloc byte[InformationBytes];
        var length = (int)Kernel.Read(fd, information, InformationBytes);
        Kernel.Close(fd);
        if (length < 0)
        {
            return length;
        }

        var text = new ReadOnlySpan<byte>(information, length);
        var at = text.IndexOf("\nPid:\t"u8);
        var pid = 0;
        for (at = at < 0 ? length : at + 6; at < length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            pid = (pid * 10) + text[at] - '0';
        }

        return pid > 0 ? pid : -(int)Errno.ESRCH;
    }

    private static int WriteMap(int pid, ReadOnlySpan<byte> file, byte* map)
    {
        var fd = OpenFile(pid, file, Kernel.O_WRONLY);
        if (fd < 0)
        {
            return fd;
        }

        var result = (int)Kernel.Write(fd, map, Kernel.Length(map));
        Kernel.Close(fd);
        return result;
    }

    private static int OpenFile(int pid, ReadOnlySpan<byte> file, int flags)
    {
        var buffer = stackalloc byte[PathBytes];
        var path = new Text(buffer, PathBytes);
        path.Add("/proc/"u8);
        path.Add(pid);
        path.Add(file);
        return Kernel.Open(Kernel.AtFdCwd, path.Pointer, flags);
    }
}
