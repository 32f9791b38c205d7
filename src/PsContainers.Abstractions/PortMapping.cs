namespace PsContainers;

/// <summary>A port of the host whose traffic goes to a port of a container.</summary>
public sealed partial record PortMapping
{
    /// <summary>An address of the host, IPv4 or IPv6 without brackets; null for all addresses of both families.</summary>
    public string? HostAddress { get; init; }

    /// <summary>1 to 65535; 0 for one that the engine chooses at each start.</summary>
    public int HostPort { get; init; }

    /// <summary>1 to 65535.</summary>
    public required int ContainerPort { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>As <c>-Publish</c> reads it: <c>127.0.0.1:8080:80/udp</c>, <c>[::1]:8080:80</c>, <c>8080:80</c>.</summary>
    public override string ToString()
    {
        var address = HostAddress switch
        {
            null => "",
            var v6 when v6.Contains(':', StringComparison.Ordinal) => $"[{v6}]:",
            var v4 => v4 + ":",
        };
        var port = HostPort == 0 ? address.Length > 0 ? ":" : "" : $"{HostPort}:";
        var protocol = Protocol == "tcp" ? "" : "/" + Protocol;
        return $"{address}{port}{ContainerPort}{protocol}";
    }
}
