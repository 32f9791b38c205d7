using PsContainers.Engine.Errors;
using PsContainers.Oci;

namespace PsContainers.Engine.Registries;

/// <summary>The name of a registry as a user gives it.</summary>
internal static class RegistryName
{
    /// <exception cref="ContainerEngineException">RegistryNameInvalid: it is no host, or more than one.</exception>
    public static void Check(string registry)
    {
        // A host without dot and port stands for a name on Docker Hub when an image follows, and yet is one.
        if (!ImageReference.TryParse($"{registry}/x", out var reference)
            || (reference.Registry != registry && reference.Repository != $"{registry}/x"))
        {
            throw RegistryErrors.NameInvalid(registry);
        }
    }
}
