namespace PsContainers;

/// <summary>Where the kernel does not agree with what containers were attached to.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Problem">What is missing, or is there and belongs to nobody.</param>
/// <param name="IsRepaired">It is as it should be now.</param>
public sealed record ContainerNetworkProblem(string Network, string Problem, bool IsRepaired)
{
    public override string ToString() => $"{Network}: {Problem}";
}
