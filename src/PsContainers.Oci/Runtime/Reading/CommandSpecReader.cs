using System.Text.Json;

namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads of a config.json what holds for a further process of its container; the rest was read when that was made.</summary>
public static class CommandSpecReader
{
    /// <exception cref="JsonException">Names the field and what is wrong with it.</exception>
    public static RuntimeSpec Read(ReadOnlySpan<byte> content) => SpecReader.Document(content, Spec);

    private static RuntimeSpec Spec(ref SpecReader json) => json.Object(
        new RuntimeSpec { OciVersion = "" },
        static (ref SpecReader json, string name, RuntimeSpec spec) => name switch
        {
            "ociVersion" => spec with { OciVersion = json.Text() },
            "process" => spec with { Process = ProcessReader.Process(ref json) },
            "annotations" => spec with { Annotations = json.TextMap() },
            "linux" => spec with { Linux = Linux(ref json) },
            _ => json.Skip(spec),
        },
        "ociVersion");

    private static LinuxSpec Linux(ref SpecReader json) => json.Object(
        new LinuxSpec(),
        static (ref SpecReader json, string name, LinuxSpec linux) => name switch
        {
            "uidMappings" => linux with { UidMappings = LinuxSpecReader.IdMappings(ref json) },
            "gidMappings" => linux with { GidMappings = LinuxSpecReader.IdMappings(ref json) },
            "memoryPolicy" => linux with { MemoryPolicy = LinuxSpecReader.MemoryPolicy(ref json) },
            "personality" => linux with { Personality = LinuxSpecReader.Personality(ref json) },
            _ => json.Skip(linux),
        });
}
