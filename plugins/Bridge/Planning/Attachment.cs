using System.Net;
using System.Security.Cryptography;
using System.Text;
using PsContainers.Bridge.Firewall;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Planning;

/// <summary>One attachment, with all that follows from its plan.</summary>
internal sealed class Attachment
{
    // With twelve digits of the hash fourteen bytes, one less than a name may have.
    private const string HostLinkPrefix = "pv";
    private const int HostLinkDigits = 12;

    internal Attachment(AttachmentPlan plan)
    {
        Request = plan.Request;
        HostLink = plan.State ?? HostLinkOf(Request);
        Addresses = [.. Request.Addresses.Select(text => IPAddress.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]))];
        MacAddress = Request.MacAddress ?? (Addresses.Count > 0 ? Planning.MacAddress.Of(Addresses[0]) : null);
    }

    internal AttachmentRequest Request { get; }

    internal NetworkDefinition Network => Request.Network;

    /// <summary>The end of the pair of links that is a port of the bridge.</summary>
    internal string HostLink { get; }

    internal string? MacAddress { get; }

    /// <summary>The container's, without prefixes.</summary>
    internal IReadOnlyList<IPAddress> Addresses { get; }

    internal IReadOnlyList<string> Gateways => [.. Network.Subnets.Select(subnet => subnet.Gateway!)];

    /// <summary>Its published ports in the firewall.</summary>
    internal IReadOnlyList<FirewallElement> Elements => ElementsOf(Request.Ports);

    internal IReadOnlyList<FirewallElement> ElementsOf(IReadOnlyList<PortMapping> ports) => PortElements.Of(ports, Addresses);

    internal static bool IsHostLink(string name) =>
        name.Length == HostLinkPrefix.Length + HostLinkDigits
        && name.StartsWith(HostLinkPrefix, StringComparison.Ordinal)
        && name[HostLinkPrefix.Length..].All(char.IsAsciiHexDigitLower);

    /// <summary>Follows from the ids alone, so that what a killed attachment left is found without anything that it wrote.</summary>
    internal static string HostLinkOf(AttachmentRequest request)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{request.ContainerId} {request.Network.Id}"));
        return HostLinkPrefix + Convert.ToHexStringLower(hash)[..HostLinkDigits];
    }

    public override string ToString() => $"container {Request.ContainerName} on network {Network.Name}";
}
