using System.Net.Sockets;
using PsContainers.Linux.Interop;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux;

/// <summary>A network namespace, which lives for as long as this descriptor or anything else refers to it. network_namespaces(7)</summary>
public sealed class NetworkNamespace : FileDescriptor
{
    private const int LoopbackIndex = 1; // LOOPBACK_IFINDEX, the first link of every namespace

    private NetworkNamespace(string name) => Name = name;

    /// <summary>A path for setns(2) that is good for other processes of root too while this object is open.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{Number}";

    /// <summary>What errors call it.</summary>
    internal string Name { get; }

    /// <summary>The same for every descriptor of the same namespace.</summary>
    public FileIdentity Identity => FileIdentity.Of(this);

    /// <summary>A new namespace, with its loopback link up and nothing else in it.</summary>
    public static NetworkNamespace Create()
    {
        Create(out var network).Dispose();
        return network;
    }

    /// <summary>The same, and a socket for what is to be done in it first.</summary>
    public static RouteSocket Create(out NetworkNamespace network)
    {
        network = new NetworkNamespace("of its own");
        var route = RouteSocket.Make(network);
        try
        {
            route.Change(LoopbackIndex, new LinkChange { IsUp = true });
            return route;
        }
        catch (LinuxException)
        {
            route.Dispose();
            network.Dispose();
            throw;
        }
    }

    /// <summary>The namespace at a path such as <c>/proc/PID/ns/net</c>, <c>/proc/PID/fd/N</c> or <c>/run/netns/NAME</c>.</summary>
    /// <exception cref="LinuxException">ENOENT: nothing is there; EINVAL: it is something else.</exception>
    public static NetworkNamespace Open(string path)
    {
        var found = new NetworkNamespace(path);

        // Should it be a pipe or a terminal, then opening it neither waits nor takes it over.
        var flags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        found.Adopt(LinuxException.Check(Libc.open(path, flags, 0), nameof(Libc.open), path));
        var kind = Libc.ioctl(found.Number, Libc.NS_GET_NSTYPE);
        if (kind == Libc.CLONE_NEWNET)
        {
            return found;
        }

        found.Dispose();
        throw new LinuxException(
            "open network namespace", path, Errno.EINVAL, kind < 0 ? "this is no namespace" : "this is a namespace of another kind");
    }

    /// <summary>The namespace that the calling thread is in.</summary>
    public static NetworkNamespace OfSelf() => Open("/proc/thread-self/ns/net");

    /// <summary>
    /// Locks it for as long as this object is open, against others who lock it; false when somebody holds it. Everybody inside can.
    /// </summary>
    public bool TryLock() => LockFile.TryLock(Number, isShared: false, Name);

    /// <summary>A socket of the Internet that is inside for good, whichever thread uses it.</summary>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        var domain = family switch
        {
            AddressFamily.InterNetwork => Libc.AF_INET,
            AddressFamily.InterNetworkV6 => Libc.AF_INET6,
            _ => throw new ArgumentException($"address family {family} is neither IPv4 nor IPv6", nameof(family)),
        };
        var found = NetworkVisit.Open(this, domain, (int)type, (int)protocol);
        found.ThrowIfFailed(Name);
        return new Socket(new SafeSocketHandle(found.Socket, ownsHandle: true));
    }

    /// <summary>Sets kernel parameters of this namespace, one after the other. sysctl(8)</summary>
    /// <param name="parameters">Files below <c>/proc/sys/net</c>, such as <c>ipv4/ip_forward</c>, and what to write there.</param>
    /// <exception cref="LinuxException">One cannot be set; those before it are.</exception>
    public void SetParameters(params IReadOnlyList<(string File, string Value)> parameters) => NetworkVisit.Write(this, parameters);

    /// <summary>Does something inside the namespace, on a thread of its own, and waits for it.</summary>
    /// <remarks>
    /// For reading and writing files such as those of /proc/sys/net, and for starting programs. Whatever begins a thread meanwhile leaves
    /// that thread inside for good, also when it is the runtime's own, for everybody: .NET's first socket, first timer, first child
    /// process and everything asynchronous may. For sockets there are <see cref="OpenSocket"/> and <see cref="RouteSocket"/>.
    /// </remarks>
    public void Run(Action work) => NetworkVisit.Do(this, work);

    /// <summary>The same for what has a result. An exception comes out as it is.</summary>
    public T Run<T>(Func<T> work)
    {
        T result = default!;
        NetworkVisit.Do(this, () => result = work());
        return result;
    }
}
