using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>`psc-runtime init --`, the program itself mounted into the container as the engine does it for -Init.</summary>
public sealed class InitTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void Command_is_its_child_and_its_code_is_the_commands()
    {
        var result = Init("echo $$ $PPID; exit 9").Run();

        Assert.Equal((9, "2 1\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public void Code_of_a_command_that_a_signal_ended_is_128_and_its_number() =>
        Assert.Equal(143, Init("kill -TERM $$").Run().ExitCode);

    [Theory]
    [InlineData("/no/such", 127)]
    [InlineData("no-such", 127)]
    [InlineData("/etc/passwd", 126)]
    public void Command_that_cannot_run_is_named(string command, int code)
    {
        Init("");
        Bundle.Command("/init", "init", "--", command);

        var result = Bundle.Run();

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(command, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_run_is_an_error()
    {
        Init("");
        Bundle.Command("/init", "init", "--");

        Assert.Equal(127, Bundle.Run().ExitCode);
    }

    [Fact]
    public void Orphans_are_reaped()
    {
        // Each subshell ends before its child, which then belongs to process 1.
        Init("for i in 1 2 3 4 5; do (sleep 0.05 &); done; sleep 0.5; grep -l '^State:.Z' /proc/[0-9]*/status | wc -l");

        Assert.Equal("0", Bundle.Run().Text());
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("USR1", 10)]
    [InlineData("HUP", 1)]
    public void Signal_reaches_the_command(string name, int number)
    {
        Init($"trap 'echo got > /tmp/got; exit 4' {number}; echo up > /tmp/up; while :; do sleep 0.02; done");
        Bundle.StartDetached();
        WaitForFile(Path.Join(Bundle.RootPath, "tmp/up"));

        Bundle.Runtime("kill", OciBundle.Id, name).Text();

        WaitForFile(Path.Join(Bundle.RootPath, "tmp/got"));
        WaitForStatus("stopped");
    }

    [Fact]
    public void Command_has_the_terminal_to_itself()
    {
        Bundle.Process["terminal"] = true;
        Init("trap 'echo int; exit 5' INT; tty; echo up; while :; do sleep 0.02; done").Write(OciBundle.Id);
        using var command = new TerminalCommand(
            Repository.Launcher, "--root", Bundle.State, "run", "--bundle", Bundle.Folder, OciBundle.Id);
        command.Terminal.WaitFor("up");

        command.Terminal.Write("\x3");

        Assert.Equal(5, command.Finish());
        command.Terminal.WaitFor("int");
    }

    private OciBundle Init(string script)
    {
        Bundle.Config["mounts"]!.AsArray().Add((System.Text.Json.Nodes.JsonNode)new System.Text.Json.Nodes.JsonObject
        {
            ["destination"] = "/init",
            ["type"] = "bind",
            ["source"] = Repository.Launcher,
            ["options"] = new System.Text.Json.Nodes.JsonArray("bind", "ro"),
        });
        return Bundle.Command("/init", "init", "--", "sh", "-c", script);
    }
}
