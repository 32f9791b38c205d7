using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>CVE-2024-21626: an open folder of the host is a way out of the container.</summary>
public sealed class DescriptorTests(TestHost host) : KernelTest(host)
{
    private const int Highest = 12;

    [Fact]
    public void Command_cannot_be_reached_through_the_launchers_descriptors()
    {
        using var runtime = new OciRuntime(Host);
        var program = HostProgram(runtime);
        for (var number = 3; number <= Highest; number++)
        {
            runtime.Configure([Out(number, program), "echo", "outside"]);
            AssertNothing(runtime.Do("run", "--bundle", runtime.Bundle, "out"));
        }
    }

    [Fact]
    public void Interpreter_of_an_images_script_cannot_be_reached_through_the_launchers_descriptors()
    {
        using var runtime = new OciRuntime(Host);
        var program = HostProgram(runtime);
        for (var number = 3; number <= Highest; number++)
        {
            runtime.AddScript("bin/evil", $"#!{Out(number, program)} echo\n");
            runtime.Configure(["evil"]);
            AssertNothing(runtime.Do("run", "--bundle", runtime.Bundle, "out"));
        }
    }

    [Fact]
    public void Executed_command_cannot_be_reached_through_the_launchers_descriptors()
    {
        using var runtime = new OciRuntime(Host);
        var program = HostProgram(runtime);
        runtime.Configure(["sleep", "100"]);
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "out").Text();
        for (var number = 3; number <= Highest; number++)
        {
            AssertNothing(runtime.Do("exec", "out", Out(number, program), "echo", "outside"));
        }
    }

    [Theory]
    [InlineData("/proc/self/fd/{0}")]
    [InlineData("/proc/self/fd/{0}/../../../..")]
    [InlineData("/way{0}")]
    [InlineData("/proc/thread-self/fd/{0}/..")]
    public void Working_directory_cannot_be_one_of_the_hosts(string pattern)
    {
        using var runtime = new OciRuntime(Host);
        for (var number = 3; number <= Highest; number++)
        {
            File.CreateSymbolicLink(Path.Join(runtime.Rootfs, $"way{number}"), $"/proc/self/fd/{number}");
            var directory = string.Format(CultureInfo.InvariantCulture, pattern, number);
            runtime.Configure(["pwd"], spec => spec with { Process = spec.Process! with { Cwd = directory } });

            var result = runtime.Do("run", "--bundle", runtime.Bundle, "cwd");

            Assert.True(result.ExitCode != 0, $"{directory}: {result.Output}");
        }
    }

    [Fact]
    public void Command_of_a_container_has_the_three_standard_streams_alone()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sh", "-c", "for f in /proc/$$/fd/*; do [ -e $f ] && echo ${f##*/}; done; true"]);

        Assert.Equal("0\n1\n2", runtime.Do("run", "--bundle", runtime.Bundle, "count").Text());
    }

    [Fact]
    public void Created_container_holds_sockets_and_no_file_of_the_host()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);
        runtime.Do("create", "--bundle", runtime.Bundle, "wait").Text();
        var pid = runtime.Do("state", "wait").Text().Split("\"pid\":")[1].Split(',')[0].Trim();

        var open = Directory.GetFileSystemEntries($"/proc/{pid}/fd")
            .Where(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture) > 2);

        Assert.All(open, path => Assert.StartsWith("socket:", new FileInfo(path).LinkTarget, StringComparison.Ordinal));
    }

    [Fact]
    public void Closed_standard_streams_are_not_replaced_by_the_launchers_files()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sh", "-c", "for f in 0 2; do readlink /proc/$$/fd/$f; done > /seen"]);

        runtime.Through(["/bin/sh", "-c", "exec \"$@\" <&- 2>&-", "sh"], "run", "--bundle", runtime.Bundle, "closed").Text();

        Assert.Equal("/dev/null\n/dev/null\n", File.ReadAllText(Path.Join(runtime.Rootfs, "seen")));
    }

    [Fact]
    public void Preserved_descriptor_that_is_not_open_is_refused()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["true"]);

        var result = runtime.Do("run", "--preserve-fds", "2", "--bundle", runtime.Bundle, "gap");

        Assert.Contains("--preserve-fds", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(runtime.Root));
    }

    private static void AssertNothing(HostCommandResult result)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("", result.Output);
    }

    // Static, since a dynamic program would look for its loader inside.
    private static string HostProgram(OciRuntime runtime)
    {
        var directory = Directory.CreateDirectory(Path.Join(runtime.Bundle, "outside")).FullName;
        File.Copy("/bin/busybox", Path.Join(directory, "busybox"));
        return Path.Join(directory, "busybox");
    }

    private static string Out(int number, string program) => $"/proc/self/fd/{number}/../../../../../../../../..{program}";
}
