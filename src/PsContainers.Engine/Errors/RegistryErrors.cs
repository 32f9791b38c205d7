using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Engine.Errors;

/// <summary>
/// Failures on the way to or from a registry that a user can act on; their ids are a contract as in <see cref="EngineErrors"/>.
/// </summary>
/// <remarks>
/// RegistryAccessDenied, RegistryImageNotFound, RegistryFailed, RegistryConfigurationInvalid, CredentialsUnusable, RegistryNameInvalid,
/// RegistryNotConnected.
/// </remarks>
internal static class RegistryErrors
{
    /// <summary>The failure as a user meets it; null when it is none of a registry or of what is set for registries.</summary>
    /// <param name="name">The image or registry that the command was about.</param>
    public static ContainerEngineException? Of(Exception failure, string name) => failure switch
    {
        RegistryException { IsDenied: true } => New("RegistryAccessDenied", EngineErrorKind.PermissionDenied, name, failure),
        RegistryException { IsNotFound: true } => New("RegistryImageNotFound", EngineErrorKind.NotFound, name, failure),
        RegistryException => New("RegistryFailed", EngineErrorKind.Failed, name, failure),
        RegistriesConfigurationException => New("RegistryConfigurationInvalid", EngineErrorKind.InvalidData, name, failure),
        CredentialException => New("CredentialsUnusable", EngineErrorKind.Failed, name, failure),
        _ => null,
    };

    public static ContainerEngineException NameInvalid(string registry) => new(
        $"'{registry}' is not the name of a registry such as docker.io or registry.example:5000",
        "RegistryNameInvalid", EngineErrorKind.InvalidArgument, registry);

    public static ContainerEngineException NotConnected(string registry) => new(
        $"no credentials are stored for the registry '{registry}'", "RegistryNotConnected", EngineErrorKind.NotFound, registry);

    private static ContainerEngineException New(string id, EngineErrorKind kind, string name, Exception failure) =>
        new(failure.Message, id, kind, name, failure);
}
