using System.Globalization;
using PsContainers.Kernel.Tests.Security;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>A shell that is traced, or killed at one of its system calls. strace(1), "inject"</summary>
internal static class KilledShell
{
    private const string Strace = "/usr/bin/strace";
    private const string Done = "all is done";

    /// <summary>The calls of a whole run, in their order.</summary>
    /// <param name="calls">Their names, with commas between.</param>
    public static List<SystemCallTrace.Entry> Trace(TestHost host, string script, string calls)
    {
        var file = Path.Join(host.Scratch, "trace");
        Assert.True(Finish(host, script, "-yy", "-o", file, "-e", $"trace={calls}"), "the whole run does not succeed");
        return SystemCallTrace.Read(file);
    }

    /// <summary>Runs a script up to one call; false when it was killed there.</summary>
    public static bool RunTo(TestHost host, string script, SystemCallTrace.Entry moment)
    {
        var kill = string.Create(CultureInfo.InvariantCulture, $"inject={moment.Call}:signal=KILL:when={moment.Number}");
        return Finish(host, script, "-o", "/dev/null", "-e", $"trace={moment.Call}", "-e", kill);
    }

    /// <summary>So many of the calls, evenly over the time.</summary>
    public static IEnumerable<SystemCallTrace.Entry> Spread(List<SystemCallTrace.Entry> calls, int count) =>
        Enumerable.Range(1, count).Select(i => calls[Math.Max(0, (calls.Count * i / count) - 1)]).Distinct();

    /// <summary>Says of a failure at which call the shell was killed.</summary>
    public static void About(SystemCallTrace.Entry moment, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"killed at {moment.Text}: {e.Message}", e);
        }
    }

    // Whether it came to its end. Programs that it starts are followed no further.
    private static bool Finish(TestHost host, string script, params string[] tracing)
    {
        Assert.SkipUnless(File.Exists(Strace), "needs /usr/bin/strace (Debian package strace)");
        var process = HostCommand.Start(
            Strace,
            ["-f", "-b", "execve", .. tracing, Repository.Shell, "-NonInteractive", "-Command", $"{script}; '{Done}'"],
            host.Variables);
        return HostCommand.Finish(process).Output.Contains(Done, StringComparison.Ordinal);
    }
}
