using PsContainers.Engine.Containers;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>The object that scripts see, made of an image's row.</summary>
internal static class ImageModel
{
    public static ContainerImage Of(ImageRow row)
    {
        var config = row.Config.Config ?? new ContainerConfig();
        return new ContainerImage
        {
            Id = row.Id,
            Digest = row.Manifest,
            Names = [.. row.Names.Select(name => ImageReference.Parse(name).FamiliarName)],
            Created = row.Config.Created?.LocalDateTime,
            Imported = row.Imported.ToLocalTime(),
            Size = row.Size,
            LayerCount = row.Chains.Count,
            Architecture = row.Config.Architecture,
            OperatingSystem = row.Config.Os,
            Entrypoint = config.Entrypoint ?? [],
            Command = config.Cmd ?? [],
            Environment = EnvironmentList.ToDictionary(config.Env ?? []),
            Labels = config.Labels ?? new Dictionary<string, string>(),
            User = config.User ?? "",
            WorkingDirectory = config.WorkingDir is { Length: > 0 } directory ? directory : "/",
        };
    }
}
