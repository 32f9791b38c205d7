using PsContainers.Drivers;

namespace PsContainers.Plugins.Answers;

/// <summary>Puts empty lists where an answer has none; see <see cref="DriverJson"/>. What is whole stays the same object.</summary>
internal static class Completed
{
    private static readonly Dictionary<string, string> _noOptions = [];

    public static NetworkDefinition? Of(NetworkDefinition? network) => network is null or { Subnets: not null, Options: not null }
        ? network
        : network with { Subnets = network.Subnets ?? [], Options = network.Options ?? _noOptions };

    public static VolumeDefinition? Of(VolumeDefinition? volume) =>
        volume is null or { Options: not null } ? volume : volume with { Options = _noOptions };

    public static AttachmentPlan? Of(AttachmentPlan? plan) =>
        plan is null || Of(plan.Request) is var request && ReferenceEquals(request, plan.Request) ? plan : plan with { Request = request! };

    public static AttachmentResult? Of(AttachmentResult? result) =>
        result is null or { Addresses: not null, Gateways: not null, NameServers: not null, SearchDomains: not null }
            ? result
            : result with
            {
                Addresses = result.Addresses ?? [],
                Gateways = result.Gateways ?? [],
                NameServers = result.NameServers ?? [],
                SearchDomains = result.SearchDomains ?? [],
            };

    private static AttachmentRequest? Of(AttachmentRequest? request) => request is null || IsWhole(request)
        ? request
        : request with
        {
            Network = Of(request.Network)!,
            Addresses = request.Addresses ?? [],
            Names = request.Names ?? [],
            NameServers = request.NameServers ?? [],
            Ports = [.. (request.Ports ?? []).Select(Of)],
        };

    private static PortMapping Of(PortMapping port) => port is { Protocol: null } ? port with { Protocol = "tcp" } : port;

    private static bool IsWhole(AttachmentRequest request) =>
        request is { Addresses: not null, Names: not null, NameServers: not null, Ports: not null }
        && ReferenceEquals(Of(request.Network), request.Network)
        && request.Ports.All(port => port is not { Protocol: null });
}
