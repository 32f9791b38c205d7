using System.Diagnostics;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>dig(1): what a client that others wrote makes of our responses.</summary>
internal static class Dig
{
    internal static string Ask(NetworkDirectory network, params string[] words)
    {
        string[] arguments = ["@127.0.0.1", "-p", $"{network.Port}", "+tries=1", "+timeout=5", "+nocookie", .. words];
        using var process = Process.Start(new ProcessStartInfo("dig", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.DoesNotContain("Warning", output, StringComparison.Ordinal);
        Assert.DoesNotContain("malformed", output, StringComparison.Ordinal);
        return output;
    }

    internal static string[] Short(NetworkDirectory network, params string[] words) =>
        Ask(network, [.. words, "+short"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
