using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PsContainers.Plugins.Tests.Conformance;

/// <summary>Tries a plugin in another process, which has a network and mounts of its own: a driver changes its host's.</summary>
internal static class ConformanceRun
{
    private const string PluginVariable = "PSC_TEST_CONFORMANCE";
    private const string AnswerVariable = "PSC_TEST_CONFORMANCE_ANSWER";

    /// <param name="prepare">Shell, run in that network first.</param>
    /// <param name="isAlone">Whether its network is its own; its mounts are.</param>
    internal static ContainerPluginReport Of(PluginSandbox sandbox, string folder, string prepare = ":", bool isAlone = true)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to make namespaces");
        var program = Path.Combine(AppContext.BaseDirectory, typeof(ConformanceRun).Assembly.GetName().Name!);
        var answer = Path.Combine(sandbox.Root, "report.json");
        string[] own = isAlone ? ["--net", "--mount"] : ["--mount"];
        using var process = Process.Start(new ProcessStartInfo("unshare", [.. own, "sh", "-ec", $"{prepare}; exec \"$0\"", program])
        {
            Environment = { [PluginVariable] = folder, [AnswerVariable] = answer },
        })!;
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "the run did not end");
        return JsonSerializer.Deserialize<ContainerPluginReport>(File.ReadAllText(answer))!;
    }

    // Before the test framework's own entry point.
    [ModuleInitializer]
    internal static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(PluginVariable) is not { } folder)
        {
            return;
        }

        var answer = Environment.GetEnvironmentVariable(AnswerVariable)!;
        var root = Path.GetDirectoryName(answer)!;
        using (var host = new PluginHost(new PluginPaths([], Path.Combine(root, "state"), Path.Combine(root, "run"))))
        {
            File.WriteAllText(answer, JsonSerializer.Serialize(host.Test(folder)));
        }

        Environment.Exit(0);
    }
}
