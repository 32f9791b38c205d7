using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>What an image runs on, in Go's words: `linux`, `amd64`.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions</remarks>
public sealed record Platform
{
    public required string Architecture { get; init; }

    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    public string? Variant { get; init; }

    /// <summary>This machine.</summary>
    public static Platform Current { get; } = new()
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            var other => other.ToString().ToLowerInvariant(),
        },
    };

    /// <summary>`os/architecture` or `os/architecture/variant`.</summary>
    public static Platform? TryParse(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } os, { Length: > 0 } architecture] => new() { Os = os, Architecture = Normalized(architecture) },
        [{ Length: > 0 } os, { Length: > 0 } architecture, { Length: > 0 } variant] =>
            new() { Os = os, Architecture = Normalized(architecture), Variant = variant },
        _ => null,
    };

    /// <summary>Whether what was built for the other runs here. A variant is the least the other asks of a machine.</summary>
    public bool Runs(Platform other) => other.Os == Os && Normalized(other.Architecture) == Normalized(Architecture)
        && (other.Variant is null or "" || other.Variant == Variant || other.Variant == Baseline(Normalized(other.Architecture)));

    public override string ToString() => Variant is { Length: > 0 } variant ? $"{Os}/{Architecture}/{variant}" : $"{Os}/{Architecture}";

    // Both names are found in the wild.
    private static string Normalized(string architecture) => architecture switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" => "arm64",
        _ => architecture,
    };

    // What every machine of the architecture has.
    private static string? Baseline(string architecture) => architecture switch
    {
        "amd64" => "v1",
        "arm64" => "v8",
        _ => null,
    };
}
