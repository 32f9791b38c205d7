using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class TerminalTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void Terminal_goes_to_the_console_socket_and_is_the_controlling_one()
    {
        using var console = UseTerminal(
            "tty; readlink /proc/$$/fd/1; readlink /proc/$$/fd/2; echo hello > /dev/tty; tty < /dev/console; exit 4");
        Bundle.Create("--console-socket", console.Path).Text();
        using var terminal = console.Accept();

        Bundle.Runtime("start", OciBundle.Id).Text();

        Assert.Equal("/dev/pts/0\n/dev/pts/0\n/dev/pts/0\nhello\n/dev/console\n", terminal.ToEnd());
    }

    [Fact]
    public void Terminal_has_the_size_asked_for_and_a_change_of_it_reaches_the_inside()
    {
        Bundle.Process["consoleSize"] = new JsonObject { ["height"] = 40, ["width"] = 100 };
        using var console = UseTerminal("stty size; trap 'stty size; exit' WINCH; echo up; while :; do sleep 0.02; done");
        Bundle.StartDetached("--console-socket", console.Path);
        using var terminal = console.Accept();
        terminal.WaitFor("up");

        terminal.Resize(50, 120);

        Assert.Equal("40 100\nup\n50 120\n", terminal.ToEnd());
    }

    [Fact]
    public void Ctrl_c_ends_what_is_in_the_foreground()
    {
        using var console = UseTerminal("sh -c 'echo up; sleep 1000'; echo code $?");
        Bundle.Script("trap : INT; sh -c 'echo up; sleep 1000'; echo code $?");
        Bundle.StartDetached("--console-socket", console.Path);
        using var terminal = console.Accept();
        terminal.WaitFor("up");

        terminal.Write("\x3");

        Assert.EndsWith("code 130\n", terminal.ToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shell_has_job_control()
    {
        using var console = UseTerminal("");
        Bundle.Command("sh", "-i");
        Bundle.StartDetached("--console-socket", console.Path);
        using var terminal = console.Accept();

        terminal.Write("sleep 1000\n");
        WaitUntil(() => terminal.Text.Contains("sleep 1000\r\n", StringComparison.Ordinal), "no echo");
        WaitUntil(() => Bundle.Exec(OciBundle.Id, "pidof", "sleep").ExitCode == 0, "no sleep runs");
        terminal.Write("\x1a"); // Ctrl+Z
        terminal.WaitFor("Stopped");
        terminal.Write("bg; kill %1; wait; echo done\\ $-\n");
        terminal.WaitFor("done ");
        terminal.Write("exit 3\n");

        var text = terminal.ToEnd();
        Assert.Contains("m", text[(text.LastIndexOf("done ", StringComparison.Ordinal) + 5)..].Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("job control turned off", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_belongs_to_the_user()
    {
        Bundle.Process["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
        using var console = UseTerminal("stat -c '%u:%g %a' /dev/pts/0; echo x > /dev/tty; stat -c %u /dev/console");
        Bundle.StartDetached("--console-socket", console.Path);
        using var terminal = console.Accept();

        Assert.Equal("1000:5 620\nx\n1000\n", terminal.ToEnd());
    }

    [Fact]
    public void Without_a_terminal_no_console_is_made() =>
        Assert.Equal("none", Bundle.Say("test -e /dev/console && echo there || echo none; tty > /dev/null && echo tty; true"));

    [Fact]
    public void Terminal_without_a_console_socket_is_refused_where_nobody_stays()
    {
        Bundle.Process["terminal"] = true;

        Assert.Contains("process.terminal", Refused(Bundle.Create()), StringComparison.Ordinal);
        Assert.Contains("process.terminal", Refused(Bundle.Run("--detach")), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Console_socket_without_a_terminal_is_refused() => Assert.Contains(
        "process.terminal", Refused(Bundle.Create("--console-socket", Bundle.In("nowhere"))), StringComparison.Ordinal);

    [Fact]
    public void Console_socket_that_nobody_listens_on_is_an_error_and_leaves_nothing()
    {
        Bundle.Process["terminal"] = true;

        Refused(Bundle.Create("--console-socket", Bundle.In("nowhere")));

        Assert.Empty(Bundle.Ids());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public void Run_in_a_terminal_passes_it_through_and_restores_it(int code)
    {
        using var command = RunInTerminal($"stty size; read line; echo got $line; exit {code}");
        command.Terminal.WaitFor("33 77");
        command.Terminal.Write("some words\n");

        Assert.Equal(code, command.Finish());

        command.Terminal.WaitFor("got some words");
        Assert.Equal(_cooked, command.Modes);
    }

    [Fact]
    public void Keys_reach_the_inside_as_they_are_and_so_does_a_new_size()
    {
        using var command = RunInTerminal("trap 'echo int; stty size; exit 5' INT; echo up; while :; do sleep 0.02; done");
        command.Terminal.WaitFor("up");
        Assert.NotEqual(_cooked, command.Modes);
        command.Terminal.Resize(20, 30);
        Thread.Sleep(100);

        command.Terminal.Write("\x3");

        Assert.Equal(5, command.Finish());
        command.Terminal.WaitFor("20 30");
        Assert.Equal(_cooked, command.Modes);
    }

    [Fact]
    public void Terminal_is_restored_when_the_container_is_killed()
    {
        using var command = RunInTerminal("echo up; sleep 1000");
        command.Terminal.WaitFor("up");

        Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();

        Assert.Equal(137, command.Finish());
        Assert.Equal(_cooked, command.Modes);
    }

    [Fact]
    public void All_output_comes_through_the_terminal()
    {
        using var command = RunInTerminal("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo the end");

        Assert.Equal(0, command.Finish());
        command.Terminal.WaitFor("the end");
        Assert.Equal(20000, command.Terminal.Text.Split("line ").Length - 1);
    }

    [Fact]
    public void Command_executed_in_a_terminal_has_one_of_its_own()
    {
        Bundle.StartDetached();
        using var command = new TerminalCommand(
            Repository.Launcher, "--root", Bundle.State, "exec", "--tty", OciBundle.Id, "sh", "-c", "tty; stty size; read x; exit $x");
        command.Terminal.WaitFor("33 77");
        command.Terminal.Write("6\n");

        Assert.Equal(6, command.Finish());
        Assert.Contains("/dev/pts/0", command.Terminal.Text, StringComparison.Ordinal);
        Assert.Equal(_cooked, command.Modes);
    }

    [Fact]
    public void Command_executed_in_the_background_sends_its_terminal_to_the_console_socket()
    {
        Bundle.StartDetached();
        using var console = new ConsoleListener(Bundle.In("console"));

        Bundle.Exec("--tty", "--detach", "--console-socket", console.Path, OciBundle.Id, "sh", "-c", "tty; echo x > /dev/tty").Text();
        using var terminal = console.Accept();

        Assert.Equal("/dev/pts/0\nx\n", terminal.ToEnd());
    }

    // ICRNL and IXON; OPOST and ONLCR; ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHOCTL, ECHOKE, IEXTEN: as a new terminal has them.
    private static readonly (uint, uint, uint) _cooked = (0x500, 0x5, 0x8a3b);

    private ConsoleListener UseTerminal(string script)
    {
        Bundle.Process["terminal"] = true;
        Bundle.Script(script);
        return new ConsoleListener(Bundle.In("console"));
    }

    private TerminalCommand RunInTerminal(string script)
    {
        Bundle.Process["terminal"] = true;
        Bundle.Script(script).Write(OciBundle.Id);
        return new TerminalCommand(Repository.Launcher, "--root", Bundle.State, "run", "--bundle", Bundle.Folder, OciBundle.Id);
    }
}
