using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>Whoever reaches the launcher's sockets or records would start, stop or change containers.</summary>
public sealed class StateTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Neither_the_state_nor_its_sockets_show_inside()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", "100"]);
        runtime.Do("create", "--bundle", runtime.Bundle, "created").Text();
        var socket = Path.Join(runtime.Root, "created/start.sock");
        Assert.True(File.Exists(socket));

        // By name, by path, by the roots of all processes, in the table of mounts and in the kernel's list of sockets.
        var said = runtime.Do(
            "exec", "created", "sh", "-c",
            "find / -xdev -name start.sock; find /proc/[0-9]*/fd/ /proc/[0-9]*/cwd/ -maxdepth 1 -name '*.sock' 2> /dev/null;"
            + $"for r in '' /proc/*/root /proc/*/cwd/../../../../../../..; do ls -d $r{runtime.Root} $r{socket} 2> /dev/null; done;"
            + $"grep -F {runtime.Root} /proc/self/mountinfo; grep -E 'sock|@' /proc/net/unix; echo looked").Text();

        Assert.Equal("looked", said);
    }

    // It holds the socket that tells it to start.
    [Fact]
    public void Process_that_waits_for_its_start_cannot_be_looked_into()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", "100"]);
        runtime.Do("create", "--bundle", runtime.Bundle, "created").Text();

        var said = runtime.Do(
            "exec", "created", "sh", "-c",
            "attack watch /stop > /seen & sleep 0.3; touch /stop; wait; cat /proc/1/comm /seen").Text().Split('\n');

        Assert.StartsWith("psc-runtime", said[0], StringComparison.Ordinal);
        Assert.DoesNotContain(said, line => line.StartsWith("reached", StringComparison.Ordinal));
        Assert.StartsWith("seen ", said[^1], StringComparison.Ordinal);
        Assert.NotEqual("seen 0", said[^1]);
    }
}
