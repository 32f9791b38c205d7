using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using PsContainers.Linux.Interop;
using PsContainers.Linux.Netlink;
using PsContainers.Linux.Tests.Interop;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class RouteConstantTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <fcntl.h>
        #include <sched.h>
        #include <sys/socket.h>
        #include <linux/if.h>
        #include <linux/if_addr.h>
        #include <linux/if_bridge.h>
        #include <linux/if_link.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nfnetlink_conntrack.h>
        #include <linux/netlink.h>
        #include <linux/nsfs.h>
        #include <linux/rtnetlink.h>
        #include <linux/veth.h>

        """;

    [Fact]
    public void Every_constant_is_the_headers()
    {
        var constants = typeof(RouteConstants).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(field => (field.Name, Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)))
            .ToList();

        Assert.True(constants.Count > 50);
        AssertEqual(constants);
    }

    [Fact]
    public void Constants_of_connection_tracking_are_the_headers() => AssertEqual(
        typeof(ConntrackConstants).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(field => (field.Name, Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture))));

    [Fact]
    public void Constants_of_sockets_and_namespaces_are_the_headers() => AssertEqual(
    [
        ("AF_INET", Libc.AF_INET),
        ("AF_INET6", Libc.AF_INET6),
        ("AF_BRIDGE", Libc.AF_BRIDGE),
        ("AF_NETLINK", Libc.AF_NETLINK),
        ("SOCK_RAW", Libc.SOCK_RAW),
        ("SOL_NETLINK", Libc.SOL_NETLINK),
        ("SO_RCVTIMEO", Libc.SO_RCVTIMEO),
        ("MSG_TRUNC", Libc.MSG_TRUNC),
        ("O_NOCTTY", Libc.O_NOCTTY),
        ("CLONE_NEWNET", Libc.CLONE_NEWNET),
        ("NS_GET_NSTYPE", (long)Libc.NS_GET_NSTYPE),
        ("IFA_F_NODAD", (long)AddressFlags.NoDuplicateDetection),
        ("IFA_F_DADFAILED", (long)AddressFlags.DuplicateDetected),
        ("IFA_F_TENTATIVE", (long)AddressFlags.Tentative),
        ("IFA_F_PERMANENT", (long)AddressFlags.Permanent),
        ("IFA_F_NOPREFIXROUTE", (long)AddressFlags.NoPrefixRoute),
        .. Enum.GetValues<MacvlanMode>().Select(mode => ($"MACVLAN_MODE_{Upper(mode)}", (long)mode)),
        .. Enum.GetValues<RouteType>().Select(type => ($"RTN_{Upper(type)}", (long)type)),
    ]);

    [Fact]
    public void Error_numbers_are_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles("#include <errno.h>\n" + string.Concat(Enum.GetValues<Errno>()
            .Where(errno => errno != Errno.None)
            .Select(errno => $"_Static_assert({errno} == {(int)errno}, \"{errno}\");\n")));
    }

    [Fact]
    public void Fixed_parts_are_laid_out_as_the_headers_say()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles(Headers
            + Layout<LinkPart>("struct ifinfomsg", "ifi_family", "ifi_type", "ifi_index", "ifi_flags", "ifi_change")
            + Layout<AddressPart>("struct ifaddrmsg", "ifa_family", "ifa_prefixlen", "ifa_flags", "ifa_scope", "ifa_index")
            + Layout<RoutePart>(
                "struct rtmsg",
                "rtm_family",
                "rtm_dst_len",
                "rtm_src_len",
                "rtm_tos",
                "rtm_table",
                "rtm_protocol",
                "rtm_scope",
                "rtm_type",
                "rtm_flags")
            + Layout<ConntrackPart>("struct nfgenmsg", "nfgen_family", "version", "res_id")
            + Layout<NextHopPart>("struct rtnexthop", "rtnh_len", "rtnh_flags", "rtnh_hops", "rtnh_ifindex"));
    }

    private static void AssertEqual(IEnumerable<(string Name, long Value)> constants)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles(
            Headers + string.Concat(constants.Select(c => $"_Static_assert({c.Name} == {c.Value}, \"{c.Name}\");\n")));
    }

    // Our members stand in the order of theirs.
    private static string Layout<T>(string type, params string[] members)
        where T : unmanaged
    {
        var offsets = typeof(T).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Select(field => OffsetOf<T>(field)).ToList();
        Assert.Equal(members.Length, offsets.Count);
        return $"_Static_assert(sizeof({type}) == {Unsafe.SizeOf<T>()}, \"{type}\");\n" + string.Concat(members.Zip(
            offsets, (member, offset) => $"_Static_assert(offsetof({type}, {member}) == {offset}, \"{member}\");\n"));
    }

    private static int OffsetOf<T>(FieldInfo field) => (int)System.Runtime.InteropServices.Marshal.OffsetOf<T>(field.Name);

    private static string Upper<T>(T value)
        where T : struct, Enum => value.ToString() == "PassThrough" ? "PASSTHRU" : value.ToString().ToUpperInvariant();
}
