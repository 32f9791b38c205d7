namespace PsContainers.Cmdlets.Parameters;

/// <summary>The parameters that speak of the first network a container is put on.</summary>
internal static class NetworkParameters
{
    public static IReadOnlyList<NetworkConnection>? Merge(
        NetworkConnection[]? networks, string[]? addresses, string? macAddress, string[]? aliases)
    {
        if (addresses is null && macAddress is null && aliases is null)
        {
            return networks;
        }

        var first = networks is [var given, ..] ? given : new NetworkConnection { Network = ContainerNetwork.Unasked };
        var merged = first with
        {
            IPAddress = addresses ?? first.IPAddress,
            MacAddress = macAddress ?? first.MacAddress,
            Alias = aliases ?? first.Alias,
        };
        return [merged, .. (networks ?? []).Skip(1)];
    }
}
