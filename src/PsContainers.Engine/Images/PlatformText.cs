using PsContainers.Engine.Errors;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>A platform as a user writes it.</summary>
internal static class PlatformText
{
    /// <exception cref="ContainerEngineException">InvalidArgument</exception>
    public static Platform Parse(string text) => Platform.TryParse(text) ?? throw EngineErrors.InvalidArgument(
        text, $"platform '{text}' is not of the form os/architecture or os/architecture/variant, such as linux/arm64");
}
