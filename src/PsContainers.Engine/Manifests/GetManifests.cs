using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Registry;
using PsContainers.Images.Transfers;

namespace PsContainers.Engine.Manifests;

/// <summary>Shows manifest lists.</summary>
public sealed class GetManifests
{
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _lookup;

    internal GetManifests(ManifestTable manifests, ManifestLookup lookup) => (_manifests, _lookup) = (manifests, lookup);

    /// <summary>Those of the store.</summary>
    public IReadOnlyList<ContainerManifest> Execute() => [.. _manifests.All().Select(_lookup.Show)];

    /// <exception cref="ContainerEngineException">ManifestNotFound</exception>
    public ContainerManifest Execute(string name) => _lookup.Show(_lookup.Resolve(name));

    /// <summary>Whether a name stands for a manifest list, where images are meant as well.</summary>
    /// <exception cref="ContainerEngineException">ManifestAmbiguous: an image has the name, too.</exception>
    public bool IsList(string name) => _lookup.IsList(name);

    /// <summary>What a registry has under a name; an image that is there alone is a list of one.</summary>
    /// <exception cref="ContainerEngineException">ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.</exception>
    public static ContainerManifest FromRegistry(string name, RegistryAccess access, CancellationToken cancellation = default) =>
        RegistryReach.Run(name, () =>
        {
            var settings = RegistryReach.Settings(access);
            var image = RegistryReach.Candidates(name, settings)[0];
            using var registry = new RegistryClient(image, settings);
            try
            {
                var index = RegistryReach.Wait(() => RemoteIndex.ReadAsync(registry, cancellation));
                var repository = $"{image.Registry}/{image.Repository}";
                return new ContainerManifest
                {
                    Name = image.FamiliarName,
                    Digest = index.Document.Digest.ToString(),
                    MediaType = index.Document.MediaType,
                    Annotations = index.Annotations,
                    Images = [.. index.Images.Select(entry => ManifestImageModel.Of(image.FamiliarName, repository, entry))],
                };
            }
            catch (ImageFormatException e)
            {
                throw EngineErrors.ImageInvalid(image.ToString(), $"image {image}: {ForeignText.Readable(e.Message)}", e);
            }
        });
}
