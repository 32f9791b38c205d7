namespace PsContainers.Oci.Runtime;

/// <summary>The OCI runtime configuration, <c>config.json</c>; members for other systems than Linux are ignored.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md</remarks>
public sealed record RuntimeSpec
{
    /// <summary>The version of the specification that these records follow.</summary>
    public const string Version = "1.3.0";

    public required string OciVersion { get; init; }

    public ProcessSpec? Process { get; init; }

    public RootSpec? Root { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    public IReadOnlyList<Mount>? Mounts { get; init; }

    public Hooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public LinuxSpec? Linux { get; init; }
}
