using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>`create` killed at a chosen point, by SIGKILL, as the kernel does it for want of memory.</summary>
public sealed class InterruptedCreationTests(TestHost host) : OciTest(host)
{
    // The call at whose entry the launcher is killed, and which of its kind: of the process that clones, not of the container's.
    [Theory]
    [InlineData("mkdir", 1)]
    [InlineData("mkdirat", 1)]
    [InlineData("mkdirat", 3)]
    [InlineData("socketpair", 1)]
    [InlineData("clone3", 1)]
    [InlineData("bind", 1)]
    [InlineData("renameat2", 1)]
    [InlineData("recvfrom", 1)]
    [InlineData("sendto", 1)]
    public void Killed_creation_leaves_no_process_and_deletion_removes_the_rest(string call, int occurrence)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs strace");
        Bundle.Write(OciBundle.Id);

        // Without -f it is the launcher alone that strace follows, through its own execve.
        Bundle.RuntimeBelow(
            ["/usr/bin/strace", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={occurrence}"],
            "create", "--bundle", Bundle.Folder, OciBundle.Id);

        AssertRemovable();
    }

    [Theory]
    [InlineData("createRuntime")]
    [InlineData("createContainer")]
    public void Creation_killed_while_a_hook_runs_leaves_neither_process_nor_hook(string kind)
    {
        Bundle.Config["hooks"] = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{ "{{kind}}": [{ "path": "/bin/sh", "args": ["sh", "-c", "echo $$ > {{Bundle.In("up")}}; exec sleep 1000"] }] }""");
        Bundle.Write(OciBundle.Id);
        var call = Bundle.StartRuntime([], "create", "--bundle", Bundle.Folder, OciBundle.Id);
        WaitForFile(Bundle.In("up"));

        call.Process.Kill();
        Assert.NotEqual(0, OciBundle.Finish(call).ExitCode);

        AssertRemovable();
        WaitUntil(() => !IsSleeping(), "the hook lives on");
    }

    // Either nothing is left, or a container that a plain deletion removes.
    private void AssertRemovable()
    {
        if (Bundle.Ids().Count > 0)
        {
            Bundle.Runtime("delete", OciBundle.Id).Text();
        }

        Assert.Empty(Bundle.Ids());
        Bundle.Config.Remove("hooks");
        Bundle.Script("echo again");
        Assert.Equal("again", Bundle.Run().Text());
    }

    private static bool IsSleeping() => Directory.EnumerateDirectories("/proc").Any(path =>
    {
        try
        {
            return char.IsAsciiDigit(path[6]) && File.ReadAllText($"{path}/cmdline") == "sleep\01000\0";
        }
        catch (IOException)
        {
            return false;
        }
    });
}
