using PsContainers.Engine.Errors;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>How registries are reached for one command, and how their failures are told.</summary>
internal static class RegistryReach
{
    /// <summary>What the machine's and the user's files say, and what the command says otherwise.</summary>
    public static RegistrySettings Settings(RegistryAccess access) => RegistrySettings.Load() with
    {
        AllowInsecure = access.AllowInsecure,
        Credential = access.UserName is { } user ? new Credential(user, access.Password) : null,
    };

    /// <summary>The images that a name may mean, in the order to try.</summary>
    /// <exception cref="ContainerEngineException">ImageNameInvalid</exception>
    public static IReadOnlyList<ImageReference> Candidates(string name, RegistrySettings settings)
    {
        try
        {
            return settings.Registries.CandidatesFor(name);
        }
        catch (FormatException)
        {
            throw EngineErrors.ImageNameInvalid(
                name, $"'{name}' is not an image name such as busybox, debian:12 or registry.example/team/app:1");
        }
    }

    /// <summary>Waits for something asked of a registry.</summary>
    /// <remarks>On the thread pool, so that it makes no difference what the calling thread is for.</remarks>
    public static T Wait<T>(Func<Task<T>> ask) => Task.Run(ask).GetAwaiter().GetResult();

    /// <summary>Runs what speaks with registries; a failure of theirs becomes one that a user can act on.</summary>
    public static T Run<T>(string name, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (RegistryErrors.Of(e, name) is { } error)
        {
            throw error;
        }
    }
}
