using System.Management.Automation;

namespace PsContainers.Cmdlets.Images;

/// <summary>What cmdlets share that speak with a registry.</summary>
public abstract class RegistryCmdlet : ContainersCmdlet
{
    /// <summary>Instead of what Connect-ContainerRegistry, podman login or docker login stored.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Lets the registry do without TLS, or with a certificate that nobody vouches for.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    private protected RegistryAccess Access => AccessOf(Credential, AllowInsecure);

    internal static RegistryAccess AccessOf(PSCredential? credential, bool allowInsecure) => new()
    {
        UserName = credential?.UserName,
        Password = credential?.GetNetworkCredential().Password,
        AllowInsecure = allowInsecure,
    };
}
