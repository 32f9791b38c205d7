using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;

namespace PsContainers.Bridge;

/// <summary>What a user may say of a bridge network beyond what every network has.</summary>
internal sealed record BridgeOptions
{
    internal const string Isolate = "isolate";
    internal const string ContainersConnected = "icc";
    internal const string Masquerade = "masquerade";
    internal const string HostAddress = "hostAddress";
    internal const string Parent = "parent";

    private static readonly string[] _names = [Isolate, ContainersConnected, Masquerade, HostAddress, Parent];

    /// <summary>Containers of our other networks do not reach those of this one.</summary>
    internal bool IsIsolated { get; private init; }

    /// <summary>Containers of this network reach each other.</summary>
    internal bool AreContainersConnected { get; private init; }

    /// <summary>What leaves the host bears an address of the host.</summary>
    internal bool IsMasqueraded { get; private init; }

    /// <summary>The address of the host that what leaves bears; at most one of each family.</summary>
    internal IReadOnlyList<IPAddress> HostAddresses { get; private init; } = [];

    /// <summary>The host's link whose VLAN is a port of the bridge.</summary>
    internal string? ParentLink { get; private init; }

    internal static BridgeOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        foreach (var name in options.Keys)
        {
            if (!_names.Contains(name))
            {
                throw Refused(name, $"the bridge driver has no option '{name}'; it has {string.Join(", ", _names)}");
            }
        }

        return new()
        {
            IsIsolated = Switch(options, Isolate),
            AreContainersConnected = Switch(options, ContainersConnected),
            IsMasqueraded = Switch(options, Masquerade),
            HostAddresses = Addresses(options),
            ParentLink = options.GetValueOrDefault(Parent),
        };
    }

    private static bool Switch(IReadOnlyDictionary<string, string> options, string name) => options.GetValueOrDefault(name) switch
    {
        null or "true" => true,
        "false" => false,
        var other => throw Refused(name, $"option {name} is 'true' or 'false', not '{other}'"),
    };

    private static List<IPAddress> Addresses(IReadOnlyDictionary<string, string> options)
    {
        var addresses = new List<IPAddress>();
        foreach (var text in options.GetValueOrDefault(HostAddress)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (!IPAddress.TryParse(text, out var address)
                || (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
                || addresses.Any(other => other.AddressFamily == address.AddressFamily))
            {
                throw Refused(
                    HostAddress, $"option {HostAddress} is one IPv4 address, one IPv6 address, or both with a comma: not '{text}'");
            }

            addresses.Add(address);
        }

        return addresses;
    }

    private static DriverException Refused(string name, string message) => new(message, DriverErrorKind.InvalidRequest, $"options.{name}");
}
