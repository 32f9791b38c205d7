using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>Names, paths and configurations that were written to break something.</summary>
public sealed class HostileInputTests(TestHost host) : KernelTest(host)
{
    private const string Head = """{ "ociVersion": "1.0.2", "root": { "path": "rootfs" }, """;
    private const string Process = """ "process": { "cwd": "/", "user": { "uid": 0, "gid": 0 }, "args": ["true"]""";

    /// <summary>A word, what is repeated, and how often.</summary>
    public static TheoryData<string, string, int, string> Configurations => new()
    {
        { Head + "\"annotations\":", "[", 100_000, "" },
        { Head + "\"annotations\":", "{\"a\":", 100_000, "" },
        { Head + Process + " }, \"hostname\": \"", "a", 10_000_000, "\" }" },
        { Head + Process + ", \"env\": [\"", "a", 10_000_000, "\"] } }" },
        { Head + Process + ", \"env\": [\"A=b\\u0000c\"] } }", "", 0, "" },
        { Head + """ "process": { "cwd": "/\u0000", "user": { "uid": 0, "gid": 0 }, "args": ["true"] } }""", "", 0, "" },
        { Head + """ "process": { "cwd": "/", "user": { "uid": -1, "gid": 0 }, "args": ["true"] } }""", "", 0, "" },
        { Head + """ "process": { "cwd": "/", "user": { "uid": 1e99, "gid": 0 }, "args": ["true"] } }""", "", 0, "" },
        { Head + Process + ", \"oomScoreAdj\": 99999999999999999999 } }", "", 0, "" },
        { Head + Process + ", \"capabilities\": { \"bounding\": [", "\"CAP_X\",", 500_000, "\"\"] } } }" },
        { Head + Process + " }, \"mounts\": [", "{\"destination\":\"/x\"},", 300_000, "{}] }" },
        { Head + Process + " }, \"linux\": { \"namespaces\": [{ \"type\": \"\\ud800\" }] } }", "", 0, "" },
        { "", "\u0000", 1000, "" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Hostile_configuration_is_one_error(string head, string repeated, int count, string tail)
    {
        using var runtime = new OciRuntime(Host);
        runtime.WriteConfiguration(head + string.Concat(Enumerable.Repeat(repeated, count)) + tail);

        var result = runtime.Through(
            ["/bin/sh", "-c", "ulimit -v 4000000; exec \"$@\"", "sh"], "run", "--bundle", runtime.Bundle, "hostile");

        Assert.InRange(result.ExitCode, 1, 125);
        Assert.StartsWith("psc-runtime: ", Assert.Single(result.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.True(result.Error.Length < 10_000, $"{result.Error.Length} characters");
        Assert.False(Directory.Exists(Path.Join(runtime.Root, "hostile")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("../../etc")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[31mb")]
    public void Hostile_id_is_one_error_for_every_command(string id)
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);
        foreach (var command in new[] { "create", "start", "state", "kill", "delete" })
        {
            var result = runtime.Do([command, .. command == "create" ? ["--bundle", runtime.Bundle] : Array.Empty<string>(), id]);

            Assert.Equal(1, result.ExitCode);
            Assert.DoesNotContain(result.Error.TrimEnd('\n'), char.IsControl);
        }
    }

    [Fact]
    public void Link_planted_beside_the_pid_file_is_not_followed()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);
        var victim = Path.Join(runtime.Bundle, "victim");
        var pidFile = Path.Join(runtime.Bundle, "pid");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(pidFile + ".new", victim);
        File.CreateSymbolicLink(pidFile, victim);

        runtime.Do("run", "--bundle", runtime.Bundle, "--pid-file", pidFile, "linked").Text();

        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(pidFile).LinkTarget);
    }

    [Fact]
    public void State_of_a_container_is_its_owners_alone()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);
        runtime.Do("create", "--bundle", runtime.Bundle, "own").Text();

        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(Path.Join(runtime.Root, "own")), 8));
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(Path.Join(runtime.Root, "own/start.sock")), 8));
    }

    [Fact]
    public void Deletion_without_a_readable_plan_ends()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);
        runtime.Do("create", "--bundle", runtime.Bundle, "old").Text();
        File.WriteAllText(Path.Join(runtime.Root, "old/plan"), "of another version");

        runtime.Do("delete", "--force", "old").Text();

        Assert.Empty(Directory.GetDirectories(runtime.Root));
    }
}
