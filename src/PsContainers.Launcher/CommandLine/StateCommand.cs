using System.Text.Json;
using System.Text.Json.Serialization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`state`: the container's state as JSON. runtime-spec, "State", with runc's and crun's further members</summary>
internal static class StateCommand
{
    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax());
        words.RefuseMoreThan(1);
        var container = new RuntimeStore(global.Root).Open(words.Id("state"));
        Console.WriteLine(JsonSerializer.Serialize(ContainerState.Of(container), ContainerStateJson.Default.ContainerState));
        return 0;
    }
}

/// <summary>One container's state; pid is 0 when it has ended.</summary>
internal sealed record ContainerState
{
    public string OciVersion { get; init; } = RuntimeSpec.Version;

    public required string Id { get; init; }

    public required int Pid { get; init; }

    public required string Status { get; init; }

    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string Owner { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    internal static ContainerState Of(StoredContainer stored)
    {
        var status = stored.Status();
        return new ContainerState
        {
            Id = stored.Container.Id,
            Pid = status is "stopped" or "creating" ? 0 : stored.Pid,
            Status = status,
            Bundle = stored.Container.Bundle,
            Rootfs = stored.Container.Rootfs,
            Created = stored.Container.Created,
            Owner = stored.Container.Owner,
            Annotations = stored.Container.Annotations,
        };
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ContainerState))]
[JsonSerializable(typeof(IReadOnlyList<ContainerState>))]
internal sealed partial class ContainerStateJson : JsonSerializerContext;
