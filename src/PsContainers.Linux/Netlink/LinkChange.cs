namespace PsContainers.Linux.Netlink;

/// <summary>What shall be different about a link; what is null stays as it is.</summary>
public sealed record LinkChange
{
    public bool? IsUp { get; init; }

    /// <summary>The link may be up: kernels before 6.2 refuse that with EBUSY.</summary>
    public string? Name { get; init; }

    /// <summary>Index of the bridge that it becomes a port of; 0 takes it out of the one it is in.</summary>
    public int? Master { get; init; }

    public int? Mtu { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>The group that firewalls know it by; a new link is in group 0. ip-link(8)</summary>
    public int? Group { get; init; }

    /// <summary>Where it moves to; its addresses and routes do not come along.</summary>
    public NetworkNamespace? Namespace { get; init; }

    /// <summary>As a port of a bridge it reaches no other isolated port.</summary>
    public bool? IsIsolated { get; init; }

    /// <summary>As a port of a bridge it gets back what it sent when that is where the way leads.</summary>
    public bool? IsHairpin { get; init; }

    /// <summary>Whether the kernel gives it an IPv6 address (fe80::…) by itself when it comes up.</summary>
    public bool? HasLinkLocalAddress { get; init; }
}
