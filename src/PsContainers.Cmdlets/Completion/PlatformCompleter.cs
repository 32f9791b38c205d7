namespace PsContainers.Cmdlets.Completion;

/// <summary>Completes the platforms that images are commonly built for.</summary>
public sealed class PlatformCompleter : NameCompleter
{
    private static readonly string[] _platforms =
        ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x"];

    private protected override IEnumerable<(string Name, string ToolTip)> Candidates() =>
        _platforms.Select(platform => (platform, $"an image for {platform}"));
}
