namespace PsContainers;

/// <summary>Addresses of a network.</summary>
/// <param name="Subnet"><c>10.90.0.0/24</c></param>
/// <param name="Gateway">The address that leads elsewhere.</param>
/// <param name="Range">The part that addresses are chosen from, when it is not the whole.</param>
public sealed record ContainerSubnet(string Subnet, string? Gateway, string? Range)
{
    public override string ToString() => Subnet;
}
