using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Runtime.Seccomp;

/// <summary>
/// A profile that a user keeps in a file: as config.json has it, or with the conditions of Docker's and podman's profiles.
/// </summary>
/// <remarks>https://docs.docker.com/engine/security/seccomp/</remarks>
public static class SeccompProfileFile
{
    private const string Setting = "seccomp";

    /// <summary>The profile for a process with these capabilities on this machine.</summary>
    /// <exception cref="InvalidSettingException">The file cannot be read, or is no profile.</exception>
    public static LinuxSeccomp Read(string path, ulong capabilities)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), capabilities, SeccompArchitecture.Native, Environment.OSVersion.Version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException(Setting, $"the profile '{path}' cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(Setting, $"'{path}' is not a profile: {e.Message}");
        }
    }

    /// <exception cref="JsonException">The text is no profile.</exception>
    public static LinuxSeccomp Parse(ReadOnlySpan<byte> json, ulong capabilities, SeccompArchitecture native, Version kernel)
    {
        var document = JsonSerializer.Deserialize(json, SeccompDocumentJson.Default.SeccompDocument)
            ?? throw new JsonException("the document is null");
        var profile = new LinuxSeccomp
        {
            DefaultAction = document.DefaultAction,
            DefaultErrnoRet = document.DefaultErrnoRet,
            Architectures = document.ArchMap?.FirstOrDefault(map => map.Architecture == native.Name) is { } map
                ? [map.Architecture, .. map.SubArchitectures ?? []]
                : document.Architectures,
            Flags = document.Flags,
            Syscalls =
            [
                .. (document.Syscalls ?? []).Where(rule => rule.Applies(capabilities, native, kernel)).Select(rule => rule.ToSyscall()),
            ],
        };

        // Said now, not at the start of the container.
        SeccompCompiler.Compile(profile, native);
        return profile;
    }
}

/// <summary>A profile as it stands in a file.</summary>
internal sealed record SeccompDocument
{
    public required SeccompAction DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<ArchitectureMap>? ArchMap { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public IReadOnlyList<ConditionalRule>? Syscalls { get; init; }
}

/// <summary>The architectures that a machine's programs may be of.</summary>
internal sealed record ArchitectureMap(string Architecture, IReadOnlyList<string>? SubArchitectures = null);

/// <summary>A rule with the conditions under which it is one.</summary>
internal sealed record ConditionalRule
{
    public IReadOnlyList<string>? Names { get; init; }

    public string? Name { get; init; }

    public required SeccompAction Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<LinuxSeccompArg>? Args { get; init; }

    public RuleCondition? Includes { get; init; }

    public RuleCondition? Excludes { get; init; }

    public bool Applies(ulong capabilities, SeccompArchitecture native, Version kernel) =>
        (Includes is null || Includes.HoldsWhole(capabilities, native, kernel))
        && (Excludes is null || !Excludes.HoldsInPart(capabilities, native, kernel));

    public LinuxSyscall ToSyscall() => new()
    {
        Names = Names ?? (Name is null ? throw new JsonException("a rule has no names") : [Name]),
        Action = Action,
        ErrnoRet = ErrnoRet,
        Args = Args is [] ? null : Args,
    };
}

/// <summary>What a rule asks of the container and the machine; Docker gives architectures Go's names.</summary>
internal sealed record RuleCondition
{
    public IReadOnlyList<string>? Caps { get; init; }

    public IReadOnlyList<string>? Arches { get; init; }

    public string? MinKernel { get; init; }

    public bool HoldsWhole(ulong capabilities, SeccompArchitecture native, Version kernel) =>
        (Caps ?? []).All(name => CapabilitySet.Contains(capabilities, name))
        && (Arches is null or [] || Arches.Contains(NameOf(native)))
        && (MinKernel is null || IsAtLeast(kernel));

    public bool HoldsInPart(ulong capabilities, SeccompArchitecture native, Version kernel) =>
        (Caps ?? []).Any(name => CapabilitySet.Contains(capabilities, name))
        || (Arches ?? []).Contains(NameOf(native))
        || (MinKernel is not null && IsAtLeast(kernel));

    private bool IsAtLeast(Version kernel) =>
        Version.TryParse(MinKernel, out var least)
            ? kernel >= least
            : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"'{MinKernel}' is no version of Linux"));

    private static string NameOf(SeccompArchitecture native) => native == SeccompArchitecture.Arm64 ? "arm64" : "amd64";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SeccompDocument))]
internal sealed partial class SeccompDocumentJson : JsonSerializerContext;
