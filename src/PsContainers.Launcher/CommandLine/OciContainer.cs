using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PsContainers.Oci.Runtime.Reading;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.CommandLine;

/// <summary>What `create` writes down of a container for the commands that follow: the file `container.json` in its directory.</summary>
internal sealed record OciContainer
{
    public required string Id { get; init; }

    /// <summary>Absolute path of the bundle.</summary>
    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Owner { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Its control group's path in every hierarchy.</summary>
    public required string CgroupsPath { get; init; }

    /// <summary>The scope that systemd made of the group; null where systemd has no part in it.</summary>
    public SystemdScope? Scope { get; init; }

    /// <summary>Its control groups, to join, freeze, limit and count in.</summary>
    public required IReadOnlyList<OciCgroup> Cgroups { get; init; }

    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> writes.</exception>
    internal static OciContainer Parse(ReadOnlySpan<byte> json) => SpecReader.Document(json, Read);

    /// <summary>By hand, like the way back: a serializer would describe every type first, in each process anew.</summary>
    internal byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Id);
            json.WriteString("bundle", Bundle);
            json.WriteString("rootfs", Rootfs);
            json.WriteString("created", Created);
            json.WriteString("owner", Owner);
            json.WriteString("cgroupsPath", CgroupsPath);
            if (Scope is not null)
            {
                json.WriteStartObject("scope");
                json.WriteString("name", Scope.Name);
                json.WriteString("slice", Scope.Slice);
                json.WriteEndObject();
            }

            if (Annotations is not null)
            {
                json.WriteStartObject("annotations");
                foreach (var (key, value) in Annotations)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            json.WriteStartArray("cgroups");
            foreach (var group in Cgroups)
            {
                group.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static OciContainer Read(ref SpecReader json) => json.Object(
        new OciContainer { Id = "", Bundle = "", Rootfs = "", Created = default, Owner = "", CgroupsPath = "", Cgroups = [] },
        static (ref SpecReader json, string name, OciContainer container) => name switch
        {
            "id" => container with { Id = json.Text() },
            "bundle" => container with { Bundle = json.Text() },
            "rootfs" => container with { Rootfs = json.Text() },
            "created" => container with { Created = Time(ref json) },
            "owner" => container with { Owner = json.Text() },
            "cgroupsPath" => container with { CgroupsPath = json.Text() },
            "scope" => container with { Scope = ReadScope(ref json) },
            "annotations" => container with { Annotations = json.TextMap() },
            "cgroups" => container with { Cgroups = json.List(OciCgroup.Read) },
            _ => json.Skip(container),
        },
        "id", "bundle", "rootfs", "created", "owner", "cgroupsPath", "cgroups");

    private static SystemdScope ReadScope(ref SpecReader json) => json.Object(
        new SystemdScope("", ""),
        static (ref SpecReader json, string name, SystemdScope scope) => name switch
        {
            "name" => scope with { Name = json.Text() },
            "slice" => scope with { Slice = json.Text() },
            _ => json.Skip(scope),
        },
        "name", "slice");

    private static DateTimeOffset Time(ref SpecReader json) =>
        DateTimeOffset.TryParse(json.Text(), CultureInfo.InvariantCulture, out var time) ? time : throw json.Not("a time");
}

/// <summary>One of the container's own control groups.</summary>
internal sealed record OciCgroup(string Path, bool Unified, IReadOnlyList<string> Controllers)
{
    internal static IReadOnlyList<OciCgroup> Of(CgroupPlan plan) =>
    [
        .. plan.Directories
            .Where(directory => directory.Role == CgroupRole.Container)
            .Select(directory => new OciCgroup(directory.Path, directory.Unified, directory.Controllers)),
    ];

    internal static OciCgroup Read(ref SpecReader json) => json.Object(
        new OciCgroup("", false, []),
        static (ref SpecReader json, string name, OciCgroup group) => name switch
        {
            "path" => group with { Path = json.Text() },
            "unified" => group with { Unified = json.Flag() },
            "controllers" => group with { Controllers = json.Texts() },
            _ => json.Skip(group),
        },
        "path", "unified", "controllers");

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("path", Path);
        json.WriteBoolean("unified", Unified);
        json.WriteStartArray("controllers");
        foreach (var controller in Controllers)
        {
            json.WriteStringValue(controller);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
