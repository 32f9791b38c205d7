using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Engine.Registries;

/// <summary>Stores credentials for a registry that has accepted them, where podman and docker find them as well.</summary>
public static class ConnectRegistry
{
    /// <param name="registry">Host, with its port where it has one.</param>
    /// <exception cref="ContainerEngineException">RegistryNameInvalid, or one of <see cref="RegistryErrors"/>.</exception>
    public static void Execute(
        string registry, string userName, string password, bool allowInsecure, CancellationToken cancellation = default)
    {
        RegistryName.Check(registry);
        var access = new RegistryAccess { UserName = userName, Password = password, AllowInsecure = allowInsecure };
        RegistryReach.Run(registry, () => RegistryReach.Wait(async () =>
        {
            var settings = RegistryReach.Settings(access);
            await new RegistryHost(registry, settings).PingAsync(cancellation);
            await CredentialStore.OfUser().StoreAsync(registry, settings.Credential!, cancellation);
            return true;
        }));
    }
}
