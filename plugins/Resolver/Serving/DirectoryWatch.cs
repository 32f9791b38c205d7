using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>Wakes the loop when something happens in the resolver's directory; what it was, the settings find out. inotify(7)</summary>
internal sealed unsafe class DirectoryWatch(int fd) : Watched
{
    private readonly byte[] _events = new byte[4096];

    /// <summary>Watches the directory behind a descriptor.</summary>
    /// <returns>False when there is no watch left to be had: a user has 128 of them, as the kernel comes.</returns>
    internal static bool TryBegin(EventLoop loop, int directory)
    {
        int fd;
        fixed (byte* path = System.Text.Encoding.UTF8.GetBytes($"/proc/self/fd/{directory}\0"))
        {
            fd = Kernel.WatchDirectory(path);
        }

        return fd >= 0 && loop.Add(new DirectoryWatch(fd), fd, Kernel.EPOLLIN) >= 0;
    }

    internal override void OnReady()
    {
        fixed (byte* events = _events)
        {
            Kernel.Read(fd, events, _events.Length);
        }
    }
}
