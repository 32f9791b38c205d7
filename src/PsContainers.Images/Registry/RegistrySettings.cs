using System.Net;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Images.Registry.Http;

namespace PsContainers.Images.Registry;

/// <summary>How registries are reached: what the machine and the user have set, and what a command adds.</summary>
public sealed record RegistrySettings
{
    public RegistriesConfiguration Registries { get; init; } = RegistriesConfiguration.Empty;

    public CertificateFolders Certificates { get; init; } = CertificateFolders.None;

    /// <summary>Where credentials are looked up; null for none.</summary>
    public CredentialStore? Store { get; init; }

    /// <summary>Used instead of what is stored.</summary>
    public Credential? Credential { get; init; }

    /// <summary>The registries that this command names may do without TLS, or with a certificate that nobody vouches for.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Null for what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, in capitals or not.</summary>
    public IWebProxy? Proxy { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often something is tried before it has failed.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>How long a registry may be silent in the middle of something.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Content longer than this is pushed in pieces of as many bytes; null for one piece where the registry takes it.</summary>
    public long? ChunkLength { get; init; }

    /// <summary>Bytes of a piece where one for all was cut or refused: what gateways that limit a request let through.</summary>
    public long FallbackChunkLength { get; init; } = 32 * 1024 * 1024;

    /// <summary>Is told what a registry warns of, as text that is fit for a terminal.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>How names become addresses, and these connections.</summary>
    public NetworkAccess Network { get; init; } = NetworkAccess.System;

    /// <summary>What is set on this machine for this user.</summary>
    public static RegistrySettings Load() => new()
    {
        Registries = RegistriesConfiguration.Load(),
        Certificates = CertificateFolders.OfMachine(),
        Store = CredentialStore.OfUser(),
    };
}
