namespace PsContainers.Bridge.Firewall;

/// <summary>
/// The families for which we made the host a router: it then must not become one between links that are none of ours.
/// </summary>
[Flags]
internal enum ForwardingGuard
{
    None = 0,
    IPv4 = 1,
    IPv6 = 2,
}
