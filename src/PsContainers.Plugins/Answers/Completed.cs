using PsContainers.Drivers;

namespace PsContainers.Plugins.Answers;

/// <summary>Puts empty lists where an answer has none; see <see cref="DriverJson"/>.</summary>
internal static class Completed
{
    public static NetworkDefinition? Of(NetworkDefinition? network) => network is null
        ? null
        : network with { Subnets = network.Subnets ?? [], Options = network.Options ?? new Dictionary<string, string>() };

    public static AttachmentPlan? Of(AttachmentPlan? plan) => plan is null ? null : plan with { Request = Of(plan.Request)! };

    public static AttachmentResult? Of(AttachmentResult? result) => result is null
        ? null
        : result with
        {
            Addresses = result.Addresses ?? [],
            Gateways = result.Gateways ?? [],
            NameServers = result.NameServers ?? [],
            SearchDomains = result.SearchDomains ?? [],
        };

    private static AttachmentRequest? Of(AttachmentRequest? request) => request is null
        ? null
        : request with
        {
            Network = Of(request.Network)!,
            Addresses = request.Addresses ?? [],
            Names = request.Names ?? [],
            NameServers = request.NameServers ?? [],
            Ports = [.. (request.Ports ?? []).Select(port => port?.Protocol is null ? port! with { Protocol = "tcp" } : port)],
        };
}
