using PsContainers.Linux;

namespace PsContainers.Engine.Networks;

/// <summary>Makes network namespaces that suit a container.</summary>
internal static class ContainerNamespace
{
    // As Docker has them since 20.10: nobody inside is a danger to the ports of the host, so every user may take those below 1024, and
    // everybody may send an echo request. ip(7), icmp(7)
    private static readonly (string File, string Value)[] _parameters =
    [
        ("ipv4/ip_unprivileged_port_start", "0"), ("ipv4/ping_group_range", "0 2147483647"),
    ];

    /// <summary>With the loopback link up; it is gone when its last process and descriptor are.</summary>
    public static NetworkNamespace Create()
    {
        var created = NetworkNamespace.Create();
        created.SetParameters(_parameters);
        return created;
    }
}
