namespace PsContainers.Drivers;

/// <summary>Addresses of a network.</summary>
public sealed record SubnetDefinition
{
    /// <summary><c>10.90.0.0/24</c> or <c>fd00:90::/64</c>: no bit set behind the prefix.</summary>
    public required string Subnet { get; init; }

    /// <summary>The address in it that leads elsewhere; the host's own on a bridge. No container gets it.</summary>
    public string? Gateway { get; init; }

    /// <summary>
    /// The part that addresses are chosen from, as a subnet or as <c>first-last</c>; the whole subnet when it is null. What a user asks
    /// for by address may lie outside of it.
    /// </summary>
    public string? Range { get; init; }
}
