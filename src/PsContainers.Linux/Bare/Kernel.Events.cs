using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>epoll_create(2), epoll_ctl(2), epoll_wait(2), inotify(7).</summary>
internal static unsafe partial class Kernel
{
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLOUT = 4;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_MOD = 3;
    internal const uint IN_CLOSE_WRITE = 8;
    internal const uint IN_MOVED = 0xc0;
    internal const uint IN_CREATE = 0x100;
    internal const uint IN_DELETE = 0x200;
    internal const uint IN_DELETE_SELF = 0x400;
    internal const uint IN_ONLYDIR = 0x01000000;

    internal static int OpenEvents() => (int)Call(SyscallNumber.EpollCreate1, O_CLOEXEC);

    internal static int ControlEvents(int epoll, int operation, int fd, uint events, ulong data)
    {
        // struct epoll_event is packed on x86-64 alone.
        var entry = stackalloc uint[4];
        entry[0] = events;
        *(ulong*)((byte*)entry + (X64 ? 4 : 8)) = data;
        return (int)Call(SyscallNumber.EpollCtl, epoll, operation, fd, (nint)entry);
    }

    /// <summary>Waits, so it needs the runtime: the one call here during which another thread may collect garbage.</summary>
    /// <returns>How many of <paramref name="ready"/> were filled.</returns>
    internal static int WaitForEvents(int epoll, Span<(uint Events, ulong Data)> ready, int milliseconds)
    {
        var stride = X64 ? 12 : 16;
        var entries = stackalloc byte[ready.Length * stride];
        var count = Libc.epoll_wait(epoll, entries, ready.Length, milliseconds);
        for (var i = 0; i < count; i++)
        {
            var entry = entries + (i * stride);
            ready[i] = (*(uint*)entry, *(ulong*)(entry + stride - 8));
        }

        return count < 0 ? -Marshal.GetLastPInvokeError() : count;
    }

    /// <summary>A descriptor that has something to read whenever a file in the directory was made, written, replaced or removed.</summary>
    internal static int WatchDirectory(byte* path)
    {
        var fd = (int)Call(SyscallNumber.InotifyInit1, O_CLOEXEC | O_NONBLOCK);
        if (fd < 0)
        {
            return fd;
        }

        const uint events = IN_CLOSE_WRITE | IN_MOVED | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR;
        var result = (int)Call(SyscallNumber.InotifyAddWatch, fd, (nint)path, (nint)events);
        if (result < 0)
        {
            Close(fd);
            return result;
        }

        return fd;
    }
}
