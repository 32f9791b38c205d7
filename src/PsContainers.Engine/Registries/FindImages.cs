using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Engine.Registries;

/// <summary>Asks registries what images they have.</summary>
public static class FindImages
{
    private const string DockerHub = "docker.io";

    /// <summary>Every tag of a repository.</summary>
    /// <exception cref="ContainerEngineException">ImageNameInvalid, or one of <see cref="RegistryErrors"/>.</exception>
    public static IReadOnlyList<FoundContainerImage> Tags(
        string repository, RegistryAccess access, CancellationToken cancellation = default) =>
        RegistryReach.Run(repository, () =>
        {
            var settings = RegistryReach.Settings(access);
            var image = RegistryReach.Candidates(repository, settings)[0];
            using var registry = new RegistryClient(image, settings);
            var tags = RegistryReach.Wait(() => registry.ListTagsAsync(cancellation));
            return (IReadOnlyList<FoundContainerImage>)
            [
                .. tags.Select(tag => $"{image.Registry}/{image.Repository}:{tag}")
                    .Where(name => ImageReference.TryParse(name, out _))
                    .Select(name => new FoundContainerImage { Name = ImageReference.Parse(name).FamiliarName }),
            ];
        });

    /// <summary>The repositories that match some words.</summary>
    /// <param name="registry">Null is Docker Hub.</param>
    /// <exception cref="ContainerEngineException">RegistryNameInvalid, or one of <see cref="RegistryErrors"/>.</exception>
    public static IReadOnlyList<FoundContainerImage> Search(
        string words, string? registry, int limit, RegistryAccess access, CancellationToken cancellation = default)
    {
        var host = registry ?? DockerHub;
        RegistryName.Check(host);
        var found = RegistryReach.Run(host, () => RegistryReach.Wait(
            () => new RegistryHost(host, RegistryReach.Settings(access)).SearchAsync(words, limit, cancellation)));
        return
        [
            .. found.Select(repository => new FoundContainerImage
            {
                Name = host == DockerHub ? repository.Name : $"{host}/{repository.Name}",
                Description = repository.Description,
                Stars = repository.Stars,
                IsOfficial = repository.IsOfficial,
            }),
        ];
    }
}
