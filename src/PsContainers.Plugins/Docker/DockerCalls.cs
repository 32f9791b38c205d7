using System.Text.Json.Serialization.Metadata;

namespace PsContainers.Plugins.Docker;

/// <summary>A call of Docker's plugin protocol: its path, and what is sent and answered.</summary>
internal sealed record DockerCall<TQuestion, TAnswer>(string Name, JsonTypeInfo<TQuestion> Question, JsonTypeInfo<TAnswer> Answer)
    where TAnswer : DockerAnswer;

/// <summary>The calls that are used here; Path and Capabilities say nothing that Mount doesn't.</summary>
internal static class DockerCalls
{
    /// <summary>What a plugin with volumes implements, and what its calls begin with.</summary>
    public const string Interface = "VolumeDriver";

    private static readonly DockerJson _json = DockerJson.Default;

    public static DockerCall<DockerQuestion, DockerActivation> Activate { get; } =
        new("Plugin.Activate", _json.DockerQuestion, _json.DockerActivation);

    public static DockerCall<DockerCreate, DockerAnswer> Create { get; } =
        new($"{Interface}.Create", _json.DockerCreate, _json.DockerAnswer);

    public static DockerCall<DockerName, DockerAnswer> Remove { get; } =
        new($"{Interface}.Remove", _json.DockerName, _json.DockerAnswer);

    public static DockerCall<DockerUse, DockerMount> Mount { get; } = new($"{Interface}.Mount", _json.DockerUse, _json.DockerMount);

    public static DockerCall<DockerUse, DockerAnswer> Unmount { get; } =
        new($"{Interface}.Unmount", _json.DockerUse, _json.DockerAnswer);

    public static DockerCall<DockerName, DockerFound> Get { get; } = new($"{Interface}.Get", _json.DockerName, _json.DockerFound);

    public static DockerCall<DockerQuestion, DockerList> List { get; } =
        new($"{Interface}.List", _json.DockerQuestion, _json.DockerList);
}
