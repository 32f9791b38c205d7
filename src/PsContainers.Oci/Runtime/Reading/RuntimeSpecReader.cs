using System.Text.Json;

namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads a config.json and the parts of it that come alone. runtime-spec, "Configuration"</summary>
public static class RuntimeSpecReader
{
    /// <exception cref="JsonException">Names the field and what is wrong with it.</exception>
    public static RuntimeSpec Read(ReadOnlySpan<byte> content) => SpecReader.Document(content, Spec);

    /// <summary>A process.json, as `exec --process` is given one.</summary>
    /// <exception cref="JsonException">Names the field and what is wrong with it.</exception>
    public static ProcessSpec ReadProcess(ReadOnlySpan<byte> content) => SpecReader.Document(content, ProcessReader.Process);

    /// <summary>The resources that `update --resources` is given.</summary>
    /// <exception cref="JsonException">Names the field and what is wrong with it.</exception>
    public static LinuxResources ReadResources(ReadOnlySpan<byte> content) => SpecReader.Document(content, LinuxResourcesReader.Resources);

    private static RuntimeSpec Spec(ref SpecReader json) => json.Object(
        new RuntimeSpec { OciVersion = "" },
        static (ref SpecReader json, string name, RuntimeSpec spec) => name switch
        {
            "ociVersion" => spec with { OciVersion = json.Text() },
            "process" => spec with { Process = ProcessReader.Process(ref json) },
            "root" => spec with { Root = Root(ref json) },
            "hostname" => spec with { Hostname = json.Text() },
            "domainname" => spec with { Domainname = json.Text() },
            "mounts" => spec with { Mounts = json.List(Mount) },
            "hooks" => spec with { Hooks = Hooks(ref json) },
            "annotations" => spec with { Annotations = json.TextMap() },
            "linux" => spec with { Linux = LinuxSpecReader.Linux(ref json) },
            _ => json.Skip(spec),
        },
        "ociVersion");

    private static RootSpec Root(ref SpecReader json) => json.Object(
        new RootSpec { Path = "" },
        static (ref SpecReader json, string name, RootSpec root) => name switch
        {
            "path" => root with { Path = json.Text() },
            "readonly" => root with { Readonly = json.Flag() },
            _ => json.Skip(root),
        },
        "path");

    private static Mount Mount(ref SpecReader json) => json.Object(
        new Mount(""),
        static (ref SpecReader json, string name, Mount mount) => name switch
        {
            "destination" => mount with { Destination = json.Text() },
            "type" => mount with { Type = json.Text() },
            "source" => mount with { Source = json.Text() },
            "options" => mount with { Options = json.Texts() },
            "uidMappings" => mount with { UidMappings = LinuxSpecReader.IdMappings(ref json) },
            "gidMappings" => mount with { GidMappings = LinuxSpecReader.IdMappings(ref json) },
            _ => json.Skip(mount),
        },
        "destination");

    private static Hooks Hooks(ref SpecReader json) => json.Object(
        new Hooks(),
        static (ref SpecReader json, string name, Hooks hooks) => name switch
        {
            "prestart" => hooks with { Prestart = json.List(Hook) },
            "createRuntime" => hooks with { CreateRuntime = json.List(Hook) },
            "createContainer" => hooks with { CreateContainer = json.List(Hook) },
            "startContainer" => hooks with { StartContainer = json.List(Hook) },
            "poststart" => hooks with { Poststart = json.List(Hook) },
            "poststop" => hooks with { Poststop = json.List(Hook) },
            _ => json.Skip(hooks),
        });

    private static Hook Hook(ref SpecReader json) => json.Object(
        new Hook { Path = "" },
        static (ref SpecReader json, string name, Hook hook) => name switch
        {
            "path" => hook with { Path = json.Text() },
            "args" => hook with { Args = json.Texts() },
            "env" => hook with { Env = json.Texts() },
            "timeout" => hook with { Timeout = json.Int32() },
            _ => json.Skip(hook),
        },
        "path");
}
