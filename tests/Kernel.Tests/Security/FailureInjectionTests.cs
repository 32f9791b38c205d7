using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>Every system call of a launch fails once, by strace's injection, and nothing may be left, unsaid or hang.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class FailureInjectionTests(TestHost host) : KernelTest(host)
{
    private const string Id = "failing";
    private static readonly string[] _errors = ["ENOMEM", "EIO", "EPERM"];

    // What may fail without an error, and why.
    private static readonly Dictionary<string, string> _harmless = new()
    {
        ["close"] = "the descriptor is gone even so",
        ["munmap"] = "the memory goes with the process",
        ["clock_gettime"] = "a time in a record",
        ["unlinkat"] = "tried again",
        ["ppoll"] = "the loop looks again",
        ["write"] = "a status message to nobody",
        ["openat"] = "the file that tells of a lack of memory",
        ["read"] = "the same",
        ["openat2"] = "a folder of devices is made where it cannot be opened, and is there already",
        ["newfstatat"] = "execve judges by itself",
        ["faccessat2"] = "execve judges by itself",
        ["recvfrom"] = "a filter may refuse the last look at the launcher",
        ["fchown"] = "a terminal stays root's",
        ["chdir"] = "said, and the directory left for `delete`",
    };

    [Fact]
    public void Failing_call_of_a_run_is_one_error_and_leaves_nothing()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", "1000"]);
        using var first = HostCommand.Start(runtime.Launcher, ["--root", runtime.Root, "run", "--bundle", runtime.Bundle, Id]);
        WaitUntil(() => File.Exists(Path.Join(runtime.Root, Id, "state")), "the container did not start");
        var files = Directory.GetFiles(Path.Join(runtime.Root, Id))
            .Where(path => Path.GetFileName(path) is "plan" or "container.json" or "config.json")
            .ToDictionary(path => path, File.ReadAllBytes);
        runtime.Do("delete", "--force", Id).Text();
        HostCommand.Finish(first);

        // The plan of `sleep 1000` with another number, so that a good run ends by itself.
        var plan = Path.Join(runtime.Bundle, "plan");
        File.WriteAllBytes(plan, Replace(files[Path.Join(runtime.Root, Id, "plan")], "\01000\0"u8, "\00.01\0"u8));

        FailEach(runtime, 100, tracer =>
        {
            Directory.CreateDirectory(Path.Join(runtime.Root, Id), (UnixFileMode)0x1C0);
            foreach (var (path, content) in files)
            {
                File.WriteAllBytes(path, content);
            }

            var result = runtime.Raw(["/bin/sh", "-c", "exec 3< \"$0\"; exec \"$@\"", plan, .. tracer, runtime.Launcher, "supervise", "3"]);
            runtime.Do("delete", "--force", Id).Text();
            Assert.Empty(Directory.GetDirectories(runtime.Root));
            return result;
        });
    }

    // The runtime of .NET comes first here, so that a call is counted in it, too; the test above does without.
    [Fact]
    public void Failing_call_of_an_exec_is_one_error_and_leaves_the_container_as_it_was()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", "1000"]);
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "target").Text();

        FailEach(runtime, 30, tracer => runtime.Through(tracer, "exec", "target", "true"));

        runtime.Do("exec", "target", "true").Text();
    }

    private static void FailEach(OciRuntime runtime, int atLeast, Func<string[], HostCommandResult> launch)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs /usr/bin/strace (Debian package strace)");
        var trace = Path.Join(runtime.Bundle, "trace");
        launch(["strace", "-f", "-o", trace]).Text();
        var calls = Sample(BareCalls(SystemCallTrace.Read(trace))).ToList();
        Assert.True(calls.Count > atLeast, $"only {calls.Count} calls were seen");
        var complaints = new List<string>();
        for (var i = 0; i < calls.Count; i++)
        {
            var (call, number) = calls[i];
            var error = _errors[i % _errors.Length];
            var result = launch(
                ["strace", "-f", "-o", trace, "-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={number}"]);
            if (Complaint(call, result, File.ReadAllText(trace)) is { } complaint)
            {
                complaints.Add($"{call} {number} {error}: {complaint}");
            }
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    private static byte[] Replace(byte[] content, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        var at = content.AsSpan().IndexOf(from);
        Assert.True(at >= 0, "the plan has no such argument");
        to.CopyTo(content.AsSpan(at));
        return content;
    }

    private static string? Complaint(string call, HostCommandResult result, string trace)
    {
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return result.ExitCode switch
        {
            124 or 137 => "it did not end",
            134 when result.Error.Contains("Fatal error. .NET", StringComparison.Ordinal) => null, // failed in the runtime, before
            0 => _harmless.ContainsKey(call) ? null : "it was not noticed",
            _ when lines.Length == 0 && trace.Contains("psc-runtime: ", StringComparison.Ordinal) => null, // the message itself failed
            _ => lines.Length == 1 && lines[0].StartsWith("psc-runtime: ", StringComparison.Ordinal)
                ? null
                : $"exit code {result.ExitCode}, said: {string.Join(" | ", lines)}",
        };
    }

    // Of the last program that the launcher became, from its first own call on; of its children up to the command.
    private static IEnumerable<(string Call, int Number)> BareCalls(List<SystemCallTrace.Entry> all)
    {
        var main = all[0].Process;
        var start = all.FindLastIndex(call => call.Process == main && call.Call.StartsWith("execve", StringComparison.Ordinal));
        start = all.FindIndex(start, call => call.Call == "statfs");
        var ended = new HashSet<string>();
        foreach (var (process, call, number, _) in all.Skip(start))
        {
            if (process != main && call == "execve")
            {
                ended.Add(process);
            }
            else if (!ended.Contains(process) && call != "exit_group")
            {
                yield return (call, number);
            }
        }
    }

    // Calls that come by the dozen: the first, one in the middle, the last.
    private static IEnumerable<(string Call, int Number)> Sample(IEnumerable<(string Call, int Number)> calls)
    {
        foreach (var group in calls.Distinct().GroupBy(call => call.Call))
        {
            var numbers = group.Select(call => call.Number).Order().ToArray();
            var many = group.Key is "rt_sigaction" or "prctl" or "close" or "mkdirat" or "openat2" or "openat" or "write"
                && numbers.Length > 12;
            foreach (var number in many ? [numbers[0], numbers[1], numbers[numbers.Length / 2], numbers[^2], numbers[^1]] : numbers)
            {
                yield return (group.Key, number);
            }
        }
    }
}
