using System.Net;

namespace PsContainers.Bridge.Definition;

/// <summary>What the host has already.</summary>
/// <param name="Links">The names of its links.</param>
/// <param name="Subnets">Where its addresses and routes lead, and by which link; no default route.</param>
internal sealed record HostNetwork(IReadOnlyCollection<string> Links, IReadOnlyList<(IPNetwork Subnet, string Link)> Subnets);
