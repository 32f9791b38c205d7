using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Processes;

/// <summary>The first call to a process: both sides say who they are, and what they speak.</summary>
internal static class Hello
{
    private static readonly DriverMethod<HelloQuestion, HelloAnswer> _method = new(
        "hello",
        () => MessageJson.Default.HelloQuestion,
        () => MessageJson.Default.HelloAnswer,
        timeouts => timeouts.Start,
        (_, _, _) => throw new NotSupportedException("an object in this process is not greeted"));

    public static void Say(IDriverChannel channel, PluginManifest manifest, DriverEnvironment environment)
    {
        var spoken = ContractRange.TryParse(manifest.Contract)!.Value.CommonWith(ContractVersion.Engine)!.Value.ToString();
        var answer = channel.Call(_method, new HelloQuestion(spoken, environment), CancellationToken.None);
        if (answer.Name != manifest.Name)
        {
            throw new PluginFailure($"answered hello with name: \"{Abridged.Of(answer.Name)}\", against its plugin.json");
        }

        if (answer.Contract != spoken)
        {
            throw new PluginFailure($"answered hello with contract: \"{Abridged.Of(answer.Contract)}\", and was asked to speak {spoken}");
        }
    }
}
