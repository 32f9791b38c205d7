using PsContainers.Engine.Errors;
using PsContainers.Oci;

namespace PsContainers.Engine.Registries;

/// <summary>The name of a registry as a user gives it.</summary>
internal static class RegistryName
{
    /// <exception cref="ContainerEngineException">RegistryNameInvalid: it is no host, or more than one.</exception>
    public static void Check(string registry)
    {
        if (!ImageReference.IsRegistry(registry))
        {
            throw RegistryErrors.NameInvalid(registry);
        }
    }
}
