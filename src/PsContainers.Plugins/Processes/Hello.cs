using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Processes;

/// <summary>The first call to a process: both sides say who they are, and what they speak.</summary>
internal static class Hello
{
    private static readonly DriverMethod<HelloQuestion, HelloAnswer> _method = new DriverMethod<object, HelloQuestion, HelloAnswer>(
        "hello",
        () => MessageJson.Default.HelloQuestion,
        () => MessageJson.Default.HelloAnswer,
        timeouts => timeouts.Start,
        (_, _, _) => throw new NotSupportedException("an object in this process is not greeted"));

    public static void Say(IDriverChannel channel, PluginManifest manifest, DriverEnvironment environment)
    {
        var spoken = ContractRange.TryParse(manifest.Contract)!.Value.CommonWith(ContractVersion.Engine)!.Value;
        var answer = channel.Call(_method, new HelloQuestion(spoken.ToString(), environment), CancellationToken.None);
        if (answer.Name != manifest.Name)
        {
            throw new PluginFailure($"answered hello with name: \"{Abridged.Of(answer.Name)}\", against its plugin.json");
        }

        if (!IsSpoken(manifest, spoken, answer.Contract))
        {
            throw new PluginFailure($"answered hello with contract: \"{Abridged.Of(answer.Contract)}\", and was asked to speak {spoken}");
        }
    }

    // An earlier minor version will do, if it has all that the plugin is for: so a driver that names the one it was written for goes on
    // working under an engine that has learned more since.
    private static bool IsSpoken(PluginManifest manifest, ContractVersion asked, string answered) =>
        ContractVersion.TryParse(answered) is { } version
        && version.Major == asked.Major
        && version.CompareTo(asked) <= 0
        && ContractRange.TryParse(manifest.Contract)!.Value.Contains(version)
        && (!manifest.Kinds.Contains(DriverKind.Volume) || version.CompareTo(ContractVersion.Volumes) >= 0);
}
