namespace PsContainers.Plugins.Manifests;

/// <summary>What a plugin may have drivers for, as <c>kinds</c> names it.</summary>
internal static class DriverKind
{
    public const string Network = "network";

    public const string Volume = "volume";

    public static IReadOnlyList<string> All { get; } = [Network, Volume];
}
