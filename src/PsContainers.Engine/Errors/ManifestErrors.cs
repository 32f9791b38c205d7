namespace PsContainers.Engine.Errors;

/// <summary>Failures of manifest lists that a user can act on; their ids are a contract as in <see cref="EngineErrors"/>.</summary>
/// <remarks>ManifestNotFound, ManifestNameInUse, ManifestImageNotFound, ManifestEmpty, ManifestAmbiguous.</remarks>
internal static class ManifestErrors
{
    public static ContainerEngineException NotFound(string name) =>
        new($"manifest list '{name}' does not exist", "ManifestNotFound", EngineErrorKind.NotFound, name);

    public static ContainerEngineException NameInUse(string name) => new(
        $"a manifest list named '{name}' exists already; use -Force to replace it",
        "ManifestNameInUse", EngineErrorKind.AlreadyExists, name);

    public static ContainerEngineException ImageNotFound(string name, string image) => new(
        $"image '{image}' is not on the manifest list '{name}'", "ManifestImageNotFound", EngineErrorKind.NotFound, image);

    public static ContainerEngineException Empty(string name) => new(
        $"manifest list '{name}' cannot be published: it lists no image", "ManifestEmpty", EngineErrorKind.InvalidState, name);

    public static ContainerEngineException Ambiguous(string name) => new(
        $"both an image and a manifest list are named '{name}'; say -ManifestList for the list, or give the image's id",
        "ManifestAmbiguous", EngineErrorKind.InvalidArgument, name);
}
