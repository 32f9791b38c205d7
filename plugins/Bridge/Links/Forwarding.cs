using PsContainers.Bridge.Firewall;

namespace PsContainers.Bridge.Links;

/// <summary>
/// Makes a router of the host, and no more of one than containers need: where it was none before, a file in the driver's folder says
/// so, and the firewall keeps it from routing between links that are none of ours.
/// </summary>
/// <remarks>
/// Where another engine did that before us, we have the file and the guard, too: the last one of us undoes it. The first attachment of a
/// network and the last one of all come here under <see cref="State.HostLock"/>.
/// </remarks>
internal sealed class Forwarding(string runDirectory, OtherEngines others)
{
    private readonly string _ipv4 = Path.Combine(runDirectory, "forwarding-ipv4");
    private readonly string _ipv6 = Path.Combine(runDirectory, "forwarding-ipv6");

    internal ForwardingGuard Guard =>
        (File.Exists(_ipv4) ? ForwardingGuard.IPv4 : ForwardingGuard.None)
        | (File.Exists(_ipv6) ? ForwardingGuard.IPv6 : ForwardingGuard.None);

    /// <summary>The links that listen to other routers all the same. A router ignores their advertisements otherwise.</summary>
    internal IReadOnlyList<string> Advertised => File.Exists(_ipv6) ? File.ReadAllLines(_ipv6) : [];

    internal static bool IsOn(bool ofIPv6) => Sysctl.TryRead(ofIPv6 ? Sysctl.IPv6Forwarding : Sysctl.IPv4Forwarding) != "0";

    /// <summary>Notes what has to be switched on, or to be switched off in the end; true when that is something new.</summary>
    /// <param name="isFirst">Of a network, so that another engine may have been here before.</param>
    /// <remarks>The guard has to stand before <see cref="SwitchOn"/>.</remarks>
    internal bool Prepare(bool forIPv6, bool isFirst)
    {
        var found = isFirst && (!File.Exists(_ipv4) || (forIPv6 && !File.Exists(_ipv6))) ? others.Guard() : ForwardingGuard.None;
        var needsIPv4 = !IsOn(ofIPv6: false) || (found.HasFlag(ForwardingGuard.IPv4) && !File.Exists(_ipv4));
        var needsIPv6 = forIPv6 && (!IsOn(ofIPv6: true) || (found.HasFlag(ForwardingGuard.IPv6) && !File.Exists(_ipv6)));
        if (needsIPv4)
        {
            File.WriteAllText(_ipv4, "");
        }

        if (needsIPv6)
        {
            // The host may have its own address by advertisements. What is noted already was changed by somebody who was killed then.
            var links = found.HasFlag(ForwardingGuard.IPv6)
                ? others.Advertised()
                : Sysctl.LinksWithIPv6().Where(link => Sysctl.TryRead($"ipv6/conf/{link}/accept_ra") == "1");
            File.WriteAllLines(_ipv6, [.. Advertised.Union(links)]);
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
            foreach (var link in Advertised)
            {
                Sysctl.TryWrite($"ipv6/conf/{link}/accept_ra", "2");
            }

            Sysctl.TryWrite(Sysctl.IPv6Forwarding, "1");
        }
    }

    /// <summary>
    /// Undoes what was switched on, unless another engine needs it and will do so: without our table nothing keeps the host from routing
    /// for everybody.
    /// </summary>
    internal void SwitchOff()
    {
        var needed = Guard == ForwardingGuard.None ? ForwardingGuard.None : others.Guard();
        if (File.Exists(_ipv4))
        {
            if (!needed.HasFlag(ForwardingGuard.IPv4))
            {
                Sysctl.TryWrite(Sysctl.IPv4Forwarding, "0");
            }

            File.Delete(_ipv4);
        }

        if (File.Exists(_ipv6))
        {
            if (!needed.HasFlag(ForwardingGuard.IPv6))
            {
                Sysctl.TryWrite(Sysctl.IPv6Forwarding, "0");
                foreach (var link in Advertised)
                {
                    Sysctl.TryWrite($"ipv6/conf/{link}/accept_ra", "1");
                }
            }

            File.Delete(_ipv6);
        }
    }
}
