using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>CVE-2016-9962: a process that enters a container is seen by those inside before it has given up anything.</summary>
public sealed class EntryTests(TestHost host) : KernelTest(host)
{
    private const int Entries = 40;

    [Fact]
    public void Entering_process_cannot_be_looked_into()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sh", "-c", "attack watch /stop > /seen"]);
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "watch").Text();
        for (var i = 0; i < Entries; i++)
        {
            runtime.Do("exec", "watch", "true").Text();
        }

        File.WriteAllText(Path.Join(runtime.Rootfs, "stop"), "");
        var seen = Path.Join(runtime.Rootfs, "seen");
        WaitUntil(() => File.ReadAllText(seen).Contains("seen ", StringComparison.Ordinal), "the attacker did not end");

        var lines = File.ReadAllLines(seen);
        Assert.Equal("watching", lines[0]);
        Assert.DoesNotContain(lines, line => line.StartsWith("reached", StringComparison.Ordinal));
        Assert.NotEqual("seen 0", lines[^1]);
    }
}
