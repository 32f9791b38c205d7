using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Engine.Registries;

/// <summary>Forgets the credentials for a registry.</summary>
public static class DisconnectRegistry
{
    /// <exception cref="ContainerEngineException">
    /// RegistryNameInvalid, RegistryNotConnected, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public static void Execute(string registry, CancellationToken cancellation = default)
    {
        RegistryName.Check(registry);
        if (!RegistryReach.Run(registry, () => RegistryReach.Wait(() => CredentialStore.OfUser().EraseAsync(registry, cancellation))))
        {
            throw RegistryErrors.NotConnected(registry);
        }
    }
}
