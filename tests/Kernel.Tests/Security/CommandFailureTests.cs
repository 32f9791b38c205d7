using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>
/// Every system call of the commands around a launch fails once. A command that succeeds all the same has done what it is for; one that
/// fails says one thing, and a deletion by force then removes all of the container.
/// </summary>
/// <remarks>
/// strace -D: the tracer is not the parent, so that a creation ends for its caller while its container is traced on. It ends with that.
/// </remarks>
[Trait("Needs", OnlyOnHost)]
public sealed class CommandFailureTests(TestHost host) : KernelTest(host)
{
    private const int OfOneKind = 4;

    // A trace that is broken shows none, or a handful. A kill makes 15 or 16: whether it still meets the process decides.
    private const int Least = 10;

    // Of the C library, before `main`: nothing of this program's own can be done about them.
    private static readonly HashSet<string> _startup =
        ["arch_prctl", "brk", "getrandom", "prlimit64", "readlink", "rseq", "set_robust_list", "set_tid_address"];

    // Of the .NET runtime at any time.
    private static readonly HashSet<string> _runtime = ["futex", "madvise", "mprotect", "sched_getaffinity", "exit_group"];
    private static readonly string[] _errors = ["ENOMEM", "EIO", "EPERM"];

    // Made ready in this state, and afterwards, if it did what it is for, in that one.
    [Theory]
    [InlineData("create", "", "created")]
    [InlineData("start", "created", "running")]
    [InlineData("pause", "running", "paused")]
    [InlineData("resume", "paused", "running")]
    [InlineData("update --memory 64M --pids-limit 33", "running", "running")]
    [InlineData("kill KILL", "running", "stopped")]
    [InlineData("delete", "stopped", "")]
    [InlineData("delete --force", "running", "")]
    public void Failing_call_is_one_error_or_none_that_matters(string command, string before, string after)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs /usr/bin/strace (Debian package strace)");
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", "1000"]);
        var nothing = HostSnapshot.Take(Host);
        var trace = Path.Join(runtime.Bundle, "trace");
        string[] tracer = ["strace", "-D", "-f", "-o", trace];
        var complaints = new List<string>();

        Assert.Null(Try(runtime, tracer, command, before, after, out var good));
        Assert.Equal(0, good.ExitCode);
        nothing.AssertNothingNew(Host);
        var calls = Sample(OwnCalls(SystemCallTrace.Read(trace), runtime)).ToList();
        Assert.True(calls.Count > Least, $"only {calls.Count} calls were seen");
        string? left = null;
        for (var i = 0; i < calls.Count && left is null; i++)
        {
            var (call, number) = calls[i];
            var error = _errors[i % _errors.Length];
            string[] injection = ["-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={number}"];
            var complaint = Try(runtime, [.. tracer, .. injection], command, before, after, out _);
            left = Since(nothing);
            if ((complaint ?? left) is not null)
            {
                complaints.Add($"{call} {number} {error}: {complaint} {left}");
            }
        }

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    // Null when all is well; nothing of the container is left afterwards, or the complaint says what.
    private static string? Try(
        OciRuntime runtime, string[] tracer, string command, string before, string after, out HostCommandResult result)
    {
        Prepare(runtime, before);
        var words = command.Split(' ');
        string[] bundle = words[0] == "create" ? ["--bundle", runtime.Bundle] : [];
        string[] options = [.. words[1..].Where(word => word != "KILL")];
        result = runtime.Through(tracer, [words[0], .. bundle, .. options, Id(runtime), .. words[1..].Except(options)]);
        var complaint = Complaint(result, File.ReadAllText(tracer[4]))
            ?? (result.ExitCode == 0 ? Undone(runtime, words[0], after) : Left(runtime, words[0]));
        var deletion = runtime.Do("delete", "--force", Id(runtime));
        return complaint
            ?? (deletion.ExitCode != 0 ? $"cannot be deleted: {deletion.Error}" : null)
            ?? (Directory.GetFileSystemEntries(runtime.Root).Length > 0 ? "files are left" : null);
    }

    // What is left would be in the way of all that follows.
    private string? Since(HostSnapshot before)
    {
        try
        {
            before.AssertNothingNew(Host);
            return null;
        }
        catch (Xunit.Sdk.XunitException e)
        {
            return e.Message;
        }
    }

    // One for each test: whatever one of them leaves is not in the way of the next.
    private static string Id(OciRuntime runtime) => $"failing-{Path.GetFileName(runtime.Bundle)}";

    private static void Prepare(OciRuntime runtime, string status)
    {
        if (status.Length == 0)
        {
            return;
        }

        runtime.Do("create", "--bundle", runtime.Bundle, Id(runtime)).Text();
        string[][] steps = status switch
        {
            "created" => [],
            "running" => [["start", Id(runtime)]],
            "paused" => [["start", Id(runtime)], ["pause", Id(runtime)]],
            _ => [["start", Id(runtime)], ["kill", Id(runtime), "KILL"]],
        };
        foreach (var step in steps)
        {
            runtime.Do(step).Text();
        }

        WaitUntil(() => Status(runtime) == status, $"the container is not {status}");
    }

    private static string? Complaint(HostCommandResult result, string trace)
    {
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return result.ExitCode switch
        {
            0 => lines.Length == 0 ? null : $"it succeeded, and said: {string.Join(" | ", lines)}",
            124 or 137 => "it did not end",
            134 when result.Error.Contains("Fatal error. .NET", StringComparison.Ordinal) => null, // failed in the runtime, before
            _ when lines.Length == 0 && trace.Contains("psc-runtime: ", StringComparison.Ordinal) => null, // the message itself failed
            _ when lines.Length == 1 && lines[0].StartsWith("psc-runtime: ", StringComparison.Ordinal) => null,
            _ => $"exit code {result.ExitCode}, said: {string.Join(" | ", lines)}",
        };
    }

    // What a command that succeeded did not do.
    private static string? Undone(OciRuntime runtime, string command, string after)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(OciRuntime.Seconds);
        while (Status(runtime) != after)
        {
            if (DateTime.UtcNow > end)
            {
                return $"it succeeded, and the container is '{Status(runtime)}', not '{after}'";
            }
        }

        return command == "update" && Limits(runtime) != "67108864 33" ? $"it succeeded, and the limits are {Limits(runtime)}" : null;
    }

    // What a command that failed left: a creation nothing, and an update no half of the limits.
    private static string? Left(OciRuntime runtime, string command) => command switch
    {
        "create" => Directory.Exists(runtime.Root) && Directory.GetFileSystemEntries(runtime.Root).Length > 0 ? "it left files" : null,
        "update" => Limits(runtime) is "67108864 33" || !Limits(runtime).Split(' ').Any(limit => limit is "67108864" or "33")
            ? null
            : $"it left the limits {Limits(runtime)}",
        _ => null,
    };

    private static string Status(OciRuntime runtime)
    {
        var state = runtime.Do("state", Id(runtime));
        return state.ExitCode == 0 ? (string)JsonNode.Parse(state.Output)!["status"]! : "";
    }

    private static string Limits(OciRuntime runtime)
    {
        var data = JsonNode.Parse(runtime.Do("events", "--stats", Id(runtime)).Text())!["data"]!;
        return $"{data["memory"]!["usage"]!["limit"]} {data["pids"]!["limit"]}";
    }

    // From the first look at the container on: before it are the start of the .NET runtime and the words of the command line. A deletion
    // looks, then boots the runtime, and looks again. Of the container's own process up to its wait for the start.
    private static IEnumerable<(string Call, int Number)> OwnCalls(List<SystemCallTrace.Entry> all, OciRuntime runtime)
    {
        var main = all[0].Process;
        var first = all.FindIndex(call => call.Text.Contains("container.json\", O_RDONLY", StringComparison.Ordinal));
        first = first >= 0 ? first : all.FindIndex(call => call.Text.Contains($"\"{runtime.Root}", StringComparison.Ordinal)
            && !call.Call.StartsWith("execve", StringComparison.Ordinal));
        var ended = new HashSet<string>();
        foreach (var (process, call, number, _) in all.Skip(first))
        {
            if (process != main && call is "accept4" or "execve")
            {
                ended.Add(process);
            }
            else if (!ended.Contains(process) && !_runtime.Contains(call) && (process != main || !_startup.Contains(call)))
            {
                yield return (call, number);
            }
        }
    }

    private static IEnumerable<(string Call, int Number)> Sample(IEnumerable<(string Call, int Number)> calls)
    {
        foreach (var group in calls.Distinct().GroupBy(call => call.Call))
        {
            var numbers = group.Select(call => call.Number).Order().ToArray();
            var step = Math.Max(1, (numbers.Length + OfOneKind - 1) / OfOneKind);
            foreach (var number in numbers.Where((_, i) => i % step == 0))
            {
                yield return (group.Key, number);
            }
        }
    }
}
