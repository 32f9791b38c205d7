using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Images;

/// <summary>A name that a user gives to an image.</summary>
internal static class ImageName
{
    /// <summary>The canonical form, as the store has it.</summary>
    /// <exception cref="ContainerEngineException">ImageNameInvalid: it is no name, or holds a digest, which nobody can give.</exception>
    public static string Canonical(string name) => ImageLookup.CanonicalName(name)
        ?? throw EngineErrors.ImageNameInvalid(
            name, $"'{name}' is not an image name such as busybox, debian:12 or registry.example/team/app:1");
}
