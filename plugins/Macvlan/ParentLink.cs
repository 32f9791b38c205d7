using System.Security.Cryptography;
using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>The link that containers sit on: one of the host's, or a VLAN of it, which is made for them and removed after them.</summary>
/// <remarks>
/// The kernel doesn't tell who in other namespaces sits on a link. So there is a file for each attachment to a VLAN, made before and
/// removed after it: none is left when the link may go.
/// </remarks>
internal sealed class ParentLink(string runDirectory)
{
    // With twelve digits of the hash fifteen bytes, as many as a name may have.
    private const string VlanPrefix = "pmv";
    private const int VlanDigits = 12;

    /// <summary>Finds the link or makes it. To be called under the driver's lock.</summary>
    internal Link Ensure(RouteSocket route, AttachmentRequest request)
    {
        var network = request.Network;
        var parent = route.FindLink(network.Interface!)
            ?? throw Unavailable(network, $"link {network.Interface}, its parent, is not there");
        if (!parent.IsUp)
        {
            throw Unavailable(network, $"link {parent.Name}, its parent, is down");
        }

        if (network.Vlan is not { } vlan)
        {
            return parent;
        }

        var users = Directory.CreateDirectory(UsersOf(network)).FullName;
        File.WriteAllText(Path.Combine(users, request.ContainerId), "");
        var link = Vlan(route, network, parent) ?? Make(route, network, parent, vlan);
        if (!link.IsUp)
        {
            // New, or left so by a session that was killed. What others keep down is not for us to bring up.
            var own = link.Name == NameOf(network) ? link.Index : throw Unavailable(network, $"link {link.Name}, its VLAN {vlan}, is down");
            route.Change(own, new() { IsUp = true });
        }

        return link;
    }

    /// <summary>Takes back <see cref="Ensure"/>. To be called under the driver's lock.</summary>
    internal void Release(RouteSocket route, AttachmentRequest request)
    {
        var users = UsersOf(request.Network);
        if (request.Network.Vlan is null || !Directory.Exists(users))
        {
            return;
        }

        File.Delete(Path.Combine(users, request.ContainerId));
        RemoveUnused(route, request.Network);
    }

    /// <summary>Forgets all users but these, and removes the link if there are none.</summary>
    /// <returns>Whether anything was left of others.</returns>
    internal bool Keep(RouteSocket route, NetworkDefinition network, IReadOnlySet<string> containers)
    {
        var strays = Strays(network, containers);
        strays.ForEach(File.Delete);
        if (strays.Count > 0)
        {
            RemoveUnused(route, network);
        }

        return strays.Count > 0;
    }

    /// <summary>Files of those that are none of these containers.</summary>
    internal List<string> Strays(NetworkDefinition network, IReadOnlySet<string> containers) =>
        network.Vlan is not null && Directory.Exists(UsersOf(network))
            ? [.. Directory.EnumerateFiles(UsersOf(network)).Where(file => !containers.Contains(Path.GetFileName(file)))]
            : [];

    /// <summary>What the containers of a network sit on, if it is there.</summary>
    internal static Link? Find(RouteSocket route, NetworkDefinition network)
    {
        var parent = route.FindLink(network.Interface!);
        return parent is null || network.Vlan is null ? parent : Vlan(route, network, parent);
    }

    private static Link Make(RouteSocket route, NetworkDefinition network, Link parent, int vlan)
    {
        try
        {
            return route.FindLink(route.AddVlan(NameOf(network), parent.Index, vlan))!;
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            throw new DriverException(
                $"network {network.Name}: this kernel has no VLANs (module 8021q)", DriverErrorKind.Unavailable, "network.vlan", e);
        }
    }

    // One of somebody else's does as well: the kernel has no second one with its number.
    private static Link? Vlan(RouteSocket route, NetworkDefinition network, Link parent) => route.Links().FirstOrDefault(link =>
        link is { Kind: "vlan", IsParentElsewhere: false } && link.Parent == parent.Index && link.VlanId == network.Vlan);

    private static string NameOf(NetworkDefinition network)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{network.Interface} {network.Vlan}"));
        return VlanPrefix + Convert.ToHexStringLower(hash)[..VlanDigits];
    }

    private static DriverException Unavailable(NetworkDefinition network, string reason) =>
        new($"network {network.Name}: {reason}", DriverErrorKind.Unavailable, "network.interface");

    // Other networks may be on the same VLAN: the files lie by its name.
    private string UsersOf(NetworkDefinition network) => Path.Combine(runDirectory, "vlans", NameOf(network));

    private void RemoveUnused(RouteSocket route, NetworkDefinition network)
    {
        if (!Directory.EnumerateFiles(UsersOf(network)).Any())
        {
            route.Remove(NameOf(network));
            Directory.Delete(UsersOf(network));
        }
    }
}
