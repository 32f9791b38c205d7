using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>Moves a network link into another network namespace and keeps its addresses, as `linux.netDevices` asks.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#network-devices, rtnetlink(7)</remarks>
internal static unsafe class NetworkDevices
{
    private const int PathBytes = 64;
    private const int NameBytes = 16; // IFNAMSIZ
    private const int DumpBytes = 32 * 1024;
    private const int KeptBytes = 16 * 1024;
    private const int RequestBytes = 1024;
    private const int LinkPartSize = 16; // struct ifinfomsg
    private const int AddressPartSize = 8; // struct ifaddrmsg: u8 family, prefix length, flags, scope; u32 link
    private const int LastTemplateNumber = 4096;
    private const byte Permanent = 0x80; // IFA_F_PERMANENT
    private const ushort IFLA_IFNAME = 3;
    private const ushort IFLA_NET_NS_FD = 28;

    /// <summary>As Move, into the network namespace of a child that is not reaped yet, so that its number is still its own.</summary>
    internal static int MoveToProcess(int pid, byte* name, byte* newName)
    {
        var buffer = stackalloc byte[PathBytes];
        var path = new Text(buffer, PathBytes);
        path.Add("/proc/"u8);
        path.Add(pid);
        path.Add("/ns/net"u8);
        var target = Kernel.Open(Kernel.AtFdCwd, path.Pointer, Kernel.O_RDONLY);
        if (target < 0)
        {
            return target;
        }

        var result = Move(target, name, newName);
        Kernel.Close(target);
        return result;
    }

    /// <summary>
    /// Moves link <paramref name="name"/> of this thread's network namespace. What it had of permanent global addresses it has after,
    /// and it is up.
    /// </summary>
    /// <param name="target">Descriptor of the other namespace, such as of /proc/PID/ns/net.</param>
    /// <param name="newName">Its name there; `%d` at its end is the first free number; null keeps the name.</param>
    /// <returns>0, or −EEXIST when the name is taken there, −ENODEV when there is no such link, or another −errno.</returns>
    internal static int Move(int target, byte* name, byte* newName)
    {
        var home = OpenSockets(out var links);
        if (home < 0)
        {
            return home;
        }

        var away = OpenSocketsIn(target, out var targetLinks);
        var result = away < 0 ? away : Move(home, links, away, targetLinks, target, name, newName == null ? name : newName);
        Kernel.Close(home);
        Kernel.Close(links);
        if (away >= 0)
        {
            Kernel.Close(away);
            Kernel.Close(targetLinks);
        }

        return result;
    }

    private static int Move(int home, int links, int away, int targetLinks, int target, byte* name, byte* newName)
    {
        var index = IndexOf(links, name);
        if (index < 0)
        {
            return index;
        }

        var buffer = stackalloc byte[NameBytes];
        var finalName = new Text(buffer, NameBytes);
        var result = ChooseName(targetLinks, newName, ref finalName);
        if (result < 0)
        {
            return result;
        }

        var kept = stackalloc byte[KeptBytes];
        var keptLength = KeepAddresses(home, index, kept);
        if (keptLength < 0)
        {
            return keptLength;
        }

        // The kernel brings the link down and takes its addresses away as it moves.
        result = MoveLink(home, index, target, finalName.Pointer);
        if (result < 0)
        {
            return result;
        }

        var newIndex = IndexOf(targetLinks, finalName.Pointer);
        if (newIndex < 0)
        {
            return newIndex;
        }

        result = RestoreAddresses(away, newIndex, kept, keptLength);
        return result < 0 ? result : BringUp(away, newIndex);
    }

    // A socket stays in the namespace it was made in, so this thread is away for two calls only.
    private static int OpenSocketsIn(int target, out int links)
    {
        links = -1;
        var own = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/proc/thread-self/ns/net"u8), Kernel.O_RDONLY);
        if (own < 0)
        {
            return own;
        }

        var result = Kernel.EnterNamespace(target, Kernel.CLONE_NEWNET);
        if (result >= 0)
        {
            result = OpenSockets(out links);
            var back = Kernel.EnterNamespace(own, Kernel.CLONE_NEWNET);
            if (back < 0)
            {
                result = back;
            }
        }

        Kernel.Close(own);
        return result;
    }

    private static int OpenSockets(out int links)
    {
        links = (int)Kernel.Call(SyscallNumber.Socket, 2, 2 | Kernel.O_CLOEXEC, 0); // AF_INET, SOCK_DGRAM
        if (links < 0)
        {
            return links;
        }

        var route = (int)Kernel.Call(SyscallNumber.Socket, 16, 3 | Kernel.O_CLOEXEC, 0); // AF_NETLINK, SOCK_RAW, NETLINK_ROUTE
        if (route < 0)
        {
            Kernel.Close(links);
        }

        return route;
    }

    // netdevice(7), SIOCGIFINDEX.
    private static int IndexOf(int links, byte* name)
    {
        var request = stackalloc byte[40]; // struct ifreq
        new Span<byte>(request, 40).Clear();
        var text = new Text(request, NameBytes);
        text.Add(name);
        if (text.IsCut)
        {
            return -(int)Errno.ENAMETOOLONG;
        }

        var result = (int)Kernel.Call(SyscallNumber.Ioctl, links, 0x8933, (nint)request);
        return result < 0 ? result : *(int*)(request + NameBytes);
    }

    // Before the move: the kernel would move the link first and then fail to rename it.
    private static int ChooseName(int targetLinks, byte* wanted, ref Text name)
    {
        var pattern = Kernel.Span(wanted);
        if (!pattern.EndsWith("%d"u8))
        {
            name.Add(pattern);
            return name.IsCut ? -(int)Errno.ENAMETOOLONG : IsFree(targetLinks, name.Pointer);
        }

        var memory = name.Pointer;
        for (var number = 0; number < LastTemplateNumber; number++)
        {
            name = new Text(memory, NameBytes);
            name.Add(pattern[..^2]);
            name.Add(number);
            var result = name.IsCut ? -(int)Errno.ENAMETOOLONG : IsFree(targetLinks, name.Pointer);
            if (result != -(int)Errno.EEXIST)
            {
                return result;
            }
        }

        return -(int)Errno.EEXIST;
    }

    private static int IsFree(int targetLinks, byte* name) => IndexOf(targetLinks, name) switch
    {
        -(int)Errno.ENODEV => 0,
        >= 0 => -(int)Errno.EEXIST,
        var failure => failure,
    };

    private static int MoveLink(int home, int index, int target, byte* name)
    {
        var buffer = stackalloc byte[RequestBytes];
        var request = LinkRequest(buffer, index, 0);
        request.AddAttribute(IFLA_NET_NS_FD, new ReadOnlySpan<byte>(&target, 4));
        request.AddAttribute(IFLA_IFNAME, new ReadOnlySpan<byte>(name, Kernel.Length(name) + 1));
        return request.Perform(home);
    }

    private static int BringUp(int route, int index)
    {
        var buffer = stackalloc byte[RequestBytes];
        return LinkRequest(buffer, index, 1).Perform(route); // IFF_UP
    }

    private static RouteRequest LinkRequest(byte* buffer, int index, uint flags)
    {
        var part = stackalloc uint[4]; // struct ifinfomsg: u8 family; u16 type; i32 index; u32 flags, the flags that change
        part[0] = 0;
        part[1] = (uint)index;
        part[2] = flags;
        part[3] = flags;
        var request = new RouteRequest(buffer, RequestBytes, RouteRequest.RTM_NEWLINK, RouteRequest.NLM_F_ACK);
        request.Add(new ReadOnlySpan<byte>(part, LinkPartSize));
        return request;
    }

    // The kernel's own messages, one behind the other.
    private static int KeepAddresses(int home, int index, byte* kept)
    {
        var buffer = stackalloc byte[DumpBytes];
        var part = 0L;
        var request = new RouteRequest(buffer, RequestBytes, RouteRequest.RTM_GETADDR, RouteRequest.NLM_F_DUMP);
        request.Add(new ReadOnlySpan<byte>(&part, AddressPartSize));
        var result = request.Send(home);
        var length = 0;
        while (result >= 0)
        {
            var received = RouteRequest.Receive(home, buffer, DumpBytes);
            if (received < 0)
            {
                return (int)received;
            }

            for (nint at = 0; at + RouteRequest.HeaderSize <= received; at += Aligned(*(int*)(buffer + at)))
            {
                var type = *(ushort*)(buffer + at + 4);
                if (type == RouteRequest.NLMSG_DONE)
                {
                    return length;
                }

                if (type == RouteRequest.NLMSG_ERROR)
                {
                    return *(int*)(buffer + at + RouteRequest.HeaderSize);
                }

                if (type == RouteRequest.RTM_NEWADDR && IsLasting(buffer + at + RouteRequest.HeaderSize, index))
                {
                    var size = Aligned(*(int*)(buffer + at));
                    if (size > KeptBytes - length)
                    {
                        return -(int)Errno.EOVERFLOW;
                    }

                    new ReadOnlySpan<byte>(buffer + at, size).CopyTo(new Span<byte>(kept + length, size));
                    length += size;
                }
            }
        }

        return result;
    }

    private static bool IsLasting(byte* part, int index) =>
        *(int*)(part + 4) == index && (part[2] & Permanent) != 0 && part[3] == 0; // RT_SCOPE_UNIVERSE

    private static int RestoreAddresses(int route, int index, byte* kept, int length)
    {
        var buffer = stackalloc byte[RequestBytes];
        for (var at = 0; at < length; at += Aligned(*(int*)(kept + at)))
        {
            var end = at + *(int*)(kept + at);
            var part = kept + at + RouteRequest.HeaderSize;
            *(int*)(part + 4) = index;
            var request = new RouteRequest(
                buffer,
                RequestBytes,
                RouteRequest.RTM_NEWADDR,
                RouteRequest.NLM_F_ACK | RouteRequest.NLM_F_CREATE | RouteRequest.NLM_F_EXCL);
            request.Add(new ReadOnlySpan<byte>(part, AddressPartSize));
            for (var a = at + RouteRequest.HeaderSize + AddressPartSize; a + 4 <= end; a += Aligned(*(ushort*)(kept + a)))
            {
                if (IsOfTheAddress(*(ushort*)(kept + a + 2)))
                {
                    request.Add(new ReadOnlySpan<byte>(kept + a, *(ushort*)(kept + a)));
                }
            }

            var result = request.Perform(route);
            if (result < 0)
            {
                return result;
            }
        }

        return 0;
    }

    // IFA_ADDRESS, LOCAL, BROADCAST, FLAGS, RT_PRIORITY, PROTO. Not the label, which is the old name, nor the age.
    private static bool IsOfTheAddress(ushort type) => type is 1 or 2 or 4 or 8 or 9 or 11;

    private static int Aligned(int length) => length < 4 ? 4 : (length + 3) & ~3;
}
