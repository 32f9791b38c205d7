using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>socket(2), connect(2), send(2), recv(2), setsockopt(2), shutdown(2), unix(7), netlink(7), socket(7).</summary>
internal static unsafe partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_BRIDGE = 7;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int SHUT_RDWR = 2;
    internal const int SOL_SOCKET = 1;
    internal const int SOL_NETLINK = 270;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_SNDTIMEO = 21;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int connect(int sockfd, byte* addr, int addrlen);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint send(int sockfd, byte* buf, nint len, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint recv(int sockfd, byte* buf, nint len, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int setsockopt(int sockfd, int level, int optname, void* optval, int optlen);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int shutdown(int sockfd, int how);
}
