using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A stay in another network namespace, on a thread that is made for it and ends with it.</summary>
internal static unsafe class NetworkVisit
{
    private const int StackBytes = 256 * 1024;

    /// <summary>Opens a socket in a namespace; -1 stands for what could not be opened. socket(2)</summary>
    internal static Found Open(NetworkNamespace network, int domain, int type, int protocol)
    {
        Found found = default;
        OnThreadOfItsOwn(() => found = Visit(network.Number, domain, type, protocol), StackBytes);
        GC.KeepAlive(network);
        return found;
    }

    /// <summary>Makes a namespace and a socket in it.</summary>
    internal static Found Make(int domain, int type, int protocol)
    {
        Found found = default;
        OnThreadOfItsOwn(() => found = Visit(-1, domain, type, protocol), StackBytes);
        return found;
    }

    /// <summary>Writes short files of <c>/proc/sys/net</c>, which shows each namespace its own. proc_sys_net(5)</summary>
    /// <exception cref="LinuxException">One cannot be written; those before it are.</exception>
    internal static void Write(NetworkNamespace network, IReadOnlyList<(string File, string Value)> parameters)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(parameters.Select(each => $"/proc/sys/net/{each.File}\0{each.Value}\0")));
        var written = 0;
        var errno = 0;
        OnThreadOfItsOwn(
            () =>
            {
                fixed (byte* first = text)
                {
                    (written, errno) = WriteThere(network.Number, first, first + text.Length);
                }
            },
            StackBytes);
        GC.KeepAlive(network);
        if (errno != 0)
        {
            throw new LinuxException("write", $"{parameters[written].File} of network namespace {network.Name}", (Errno)errno);
        }
    }

    /// <summary>Does anything at all inside.</summary>
    internal static void Do(NetworkNamespace network, Action work)
    {
        using var home = NetworkNamespace.OfSelf();
        OnThreadOfItsOwn(
            () =>
            {
                if (Libc.setns(network.Number, Libc.CLONE_NEWNET) < 0)
                {
                    throw new LinuxException(nameof(Libc.setns), network.Name, (Errno)(*Libc.__errno_location()));
                }

                try
                {
                    work();
                }
                finally
                {
                    _ = Libc.setns(home.Number, Libc.CLONE_NEWNET);
                }
            },
            0);
        GC.KeepAlive(network);
    }

    // The runtime begins threads of its own from whatever thread wants one first: to compile a method better, to serve its pool, to wait
    // for sockets. One that begins away from home stays there and keeps the namespace. So while this is away nothing runs but what is
    // compiled for good and found already, and the thread is home again before the runtime takes it down.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static Found Visit(int target, int domain, int type, int protocol)
    {
        var found = new Found { Namespace = -1, Socket = -1 };
        var own = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("/proc/thread-self/ns/net"u8));
        var home = Libc.open_there(own, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (home < 0)
        {
            found.Fail("open /proc/thread-self/ns/net", *Libc.__errno_location());
            return found;
        }

        // Each is looked up in the C library when it is first called, which must not be there.
        _ = Libc.socket_there(-1, 0, 0);
        _ = Libc.setns(-1, 0);
        _ = Libc.unshare(0);

        var entered = target < 0 ? Libc.unshare(Libc.CLONE_NEWNET) : Libc.setns(target, Libc.CLONE_NEWNET);
        var error = entered < 0 ? *Libc.__errno_location() : 0;
        if (entered == 0)
        {
            found.Namespace = target < 0 ? Libc.open_there(own, Libc.O_RDONLY | Libc.O_CLOEXEC, 0) : -1;
            found.Socket = Libc.socket_there(domain, type | Libc.SOCK_CLOEXEC, protocol);
            error = *Libc.__errno_location();
            _ = Libc.setns(home, Libc.CLONE_NEWNET); // if not, then the thread ends there all the same
        }

        Libc.close(home);
        if (found.Socket < 0 || (target < 0 && found.Namespace < 0))
        {
            found.Fail(entered < 0 ? target < 0 ? "make" : "enter" : "open a socket in", error);
        }

        return found;
    }

    // As Visit: nothing but system calls that were found before. Path and value of each file end with a zero byte.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static (int Written, int Errno) WriteThere(int target, byte* next, byte* end)
    {
        var own = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference("/proc/thread-self/ns/net"u8));
        var home = Libc.open_there(own, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (home < 0)
        {
            return (0, *Libc.__errno_location());
        }

        var written = 0;
        _ = Libc.write_there(-1, next, 0);
        _ = Libc.setns(-1, 0);
        var errno = Libc.setns(target, Libc.CLONE_NEWNET) < 0 ? *Libc.__errno_location() : 0;
        while (errno == 0 && next < end)
        {
            var file = Libc.open_there(next, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
            errno = file < 0 ? *Libc.__errno_location() : 0;
            for (; *next != 0; next++)
            {
            }

            var value = ++next;
            for (; *next != 0; next++)
            {
            }

            if (file >= 0)
            {
                errno = Libc.write_there(file, value, (nint)(next - value)) < 0 ? *Libc.__errno_location() : 0;
                Libc.close(file);
            }

            next++;
            written += errno == 0 ? 1 : 0;
        }

        _ = Libc.setns(home, Libc.CLONE_NEWNET); // if not, then the thread ends there all the same
        Libc.close(home);
        return (written, errno);
    }

    private static void OnThreadOfItsOwn(Action work, int stackBytes)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            stackBytes)
        {
            IsBackground = true, // without a name, which takes longer to give than the rest
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    internal struct Found
    {
        internal int Namespace;
        internal int Socket;
        private string? _request;
        private Errno _errno;

        internal void Fail(string request, int errno) => (_request, _errno) = (request, (Errno)errno);

        internal readonly void ThrowIfFailed(string name)
        {
            if (_request is not null)
            {
                throw new LinuxException(_request, $"network namespace {name}", _errno, null);
            }
        }
    }
}
