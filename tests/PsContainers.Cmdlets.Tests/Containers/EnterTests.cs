namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>A console lent to a shell inside a container, typed at in a real terminal.</summary>
public sealed class EnterTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public EnterTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
        Assert.SkipUnless(Terminal.IsAvailable, "needs tmux");
    }

    [Fact]
    public void Shell_has_a_terminal_of_its_own_and_the_prompt_comes_back()
    {
        using var terminal = Start("c1");
        terminal.Enter("Enter-Container c1");
        terminal.WaitFor("/ #");
        terminal.Enter("tty; stty size");
        terminal.WaitFor("/dev/pts/0");
        terminal.WaitFor("30 100");
        terminal.Enter("exit 5");
        terminal.WaitFor("/ # exit 5\nPS />");
        terminal.Enter("\"code $LASTEXITCODE\"");
        terminal.WaitFor("code 5");
        Remove(terminal, "c1");
    }

    [Fact]
    public void Interrupt_goes_to_the_inside()
    {
        using var terminal = Start("c2");
        terminal.Enter("Enter-Container c2");
        terminal.WaitFor("/ #");
        terminal.Enter("sleep 100; echo interrupted:$?");
        Thread.Sleep(500);
        terminal.Press("C-c");
        terminal.Enter("echo still in$((1+1))side");
        terminal.WaitFor("still in2side");
        terminal.Enter("exit");
        terminal.WaitFor("/ # exit\nPS />");
        Remove(terminal, "c2");
    }

    [Fact]
    public void Console_is_as_it_was_when_the_container_is_killed()
    {
        using var terminal = Start("c3");
        terminal.Enter("Enter-Container c3");
        terminal.WaitFor("/ #");
        _image.Command("Remove-Container c3 -Force");
        terminal.WaitFor("built-in commands.\n\nPS />");

        // Echo and line editing are the terminal's own again.
        terminal.Enter("'typed' + 'text'");
        terminal.WaitFor("typedtext");
    }

    private Terminal Start(string name)
    {
        var terminal = new Terminal(root: _image.Root, run: _image.Run);
        terminal.Enter($"$null = Start-Container -Image busybox -Name {name} -Command sleep,600; 'be' + 'gun'");
        terminal.WaitFor("begun");
        return terminal;
    }

    private static void Remove(Terminal terminal, string name)
    {
        terminal.Enter($"Remove-Container {name} -Force; 're' + 'moved'");
        terminal.WaitFor("removed");
    }
}
