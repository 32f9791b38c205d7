using PsContainers.Bridge.Firewall;

namespace PsContainers.Bridge.Links;

/// <summary>
/// Makes a router of the host, and no more of one than containers need: where it was none before, a file in the driver's folder says
/// so, and the firewall keeps it from routing between links that are none of ours.
/// </summary>
internal sealed class Forwarding(string runDirectory)
{
    private readonly string _ipv4 = Path.Combine(runDirectory, "forwarding-ipv4");
    private readonly string _ipv6 = Path.Combine(runDirectory, "forwarding-ipv6");

    internal ForwardingGuard Guard =>
        (File.Exists(_ipv4) ? ForwardingGuard.IPv4 : ForwardingGuard.None)
        | (File.Exists(_ipv6) ? ForwardingGuard.IPv6 : ForwardingGuard.None);

    internal static bool IsOn(bool ofIPv6) => Sysctl.TryRead(ofIPv6 ? Sysctl.IPv6Forwarding : Sysctl.IPv4Forwarding) != "0";

    /// <summary>Notes what has to be switched on; true when that is something.</summary>
    /// <remarks>The guard has to stand before <see cref="SwitchOn"/>.</remarks>
    internal bool Prepare(bool forIPv6)
    {
        var (needsIPv4, needsIPv6) = (!IsOn(ofIPv6: false), forIPv6 && !IsOn(ofIPv6: true));
        if (needsIPv4)
        {
            File.WriteAllText(_ipv4, "");
        }

        if (needsIPv6)
        {
            // A router ignores routers' advertisements, by which the host may have its own address.
            File.WriteAllLines(_ipv6, Sysctl.LinksWithIPv6().Where(link => Sysctl.TryRead($"ipv6/conf/{link}/accept_ra") == "1"));
        }

        return needsIPv4 || needsIPv6;
    }

    internal void SwitchOn(bool forIPv6)
    {
        if (!IsOn(ofIPv6: false))
        {
            Sysctl.TryWrite(Sysctl.IPv4Forwarding, "1");
        }

        if (forIPv6 && !IsOn(ofIPv6: true))
        {
            foreach (var link in File.Exists(_ipv6) ? File.ReadAllLines(_ipv6) : [])
            {
                Sysctl.TryWrite($"ipv6/conf/{link}/accept_ra", "2");
            }

            Sysctl.TryWrite(Sysctl.IPv6Forwarding, "1");
        }
    }

    /// <summary>Undoes what was switched on: without our table nothing keeps the host from routing for everybody.</summary>
    internal void SwitchOff()
    {
        if (File.Exists(_ipv4))
        {
            Sysctl.TryWrite(Sysctl.IPv4Forwarding, "0");
            File.Delete(_ipv4);
        }

        if (File.Exists(_ipv6))
        {
            Sysctl.TryWrite(Sysctl.IPv6Forwarding, "0");
            foreach (var link in File.ReadAllLines(_ipv6))
            {
                Sysctl.TryWrite($"ipv6/conf/{link}/accept_ra", "1");
            }

            File.Delete(_ipv6);
        }
    }
}
