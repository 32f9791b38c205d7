using System.Text.Json.Serialization;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Launcher.CommandLine;

/// <summary>What `create` writes down of a container for the commands that follow: the file `container.json` in its directory.</summary>
internal sealed record OciContainer
{
    public required string Id { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Owner { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Its control group's path in every hierarchy.</summary>
    public required string CgroupsPath { get; init; }

    /// <summary>Its control groups, to join, freeze, limit and count in.</summary>
    public required IReadOnlyList<OciCgroup> Cgroups { get; init; }
}

/// <summary>One of the container's own control groups.</summary>
internal sealed record OciCgroup(string Path, bool Unified, IReadOnlyList<string> Controllers)
{
    internal static IReadOnlyList<OciCgroup> Of(CgroupPlan plan) =>
    [
        .. plan.Directories
            .Where(directory => directory.Role == CgroupRole.Container)
            .Select(directory => new OciCgroup(directory.Path, directory.Unified, directory.Controllers)),
    ];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciContainer))]
internal sealed partial class OciContainerJson : JsonSerializerContext;
