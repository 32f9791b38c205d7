namespace PsContainers.Cmdlets.Tests.Host;

public sealed class PromptTests
{
    private const string NoTerminal = "tmux is missing";

    [Fact]
    public void Prompt_runs_commands_until_exit()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Enter("20+22");
        terminal.WaitFor("\n42\n");
        terminal.Enter("exit 3");
        terminal.WaitFor("ended with 3");
    }

    [Fact]
    public void Interrupt_stops_the_command_and_the_prompt_comes_back()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Enter("'beg' + 'un'; while ($true) { }");
        terminal.WaitFor("begun");
        terminal.Press("C-c");
        terminal.Enter("'still ' + 'here'");
        terminal.WaitFor("still here");
    }

    [Fact]
    public void Progress_stands_below_what_is_written_each_part_under_its_whole_and_goes_with_the_command()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        var first = Path.Join(terminal.State, "first");
        var hold = $"while (-not [IO.File]::Exists('{first}')) {{ Start-Sleep -Milliseconds 50 }}";
        Directory.CreateDirectory(terminal.State);

        terminal.Enter(
            "Write-Progress whole one -Id 1; Write-Progress other two -Id 2; Write-Progress part x -Id 3 -ParentId 1 -Perc 5; "
            + $"'writ' + 'ten'; Write-Progress part half -Id 3 -ParentId 1 -Perc 50; {hold}; "
            + "Write-Progress other two -Id 2 -Completed; Write-Progress part full -Id 3 -ParentId 1; while ($true) { }");
        terminal.WaitFor("\nwritten\nwhole: one\n  part: half 50%\nother: two");
        File.WriteAllText(first, "");
        terminal.WaitFor("whole: one\n  part: full");
        Assert.DoesNotContain("other: two", terminal.Screen(), StringComparison.Ordinal);
        terminal.Press("C-c");
        terminal.Enter("'still ' + 'here'");
        terminal.WaitFor("still here");

        Assert.DoesNotContain("whole: one", terminal.Screen(), StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupt_at_the_prompt_drops_the_line()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Type("exit 9");
        terminal.Press("C-c");
        terminal.WaitFor("exit 9^C");
        terminal.Enter("'al' + 'ive'");
        terminal.WaitFor("alive");
    }

    [Fact]
    public void Open_block_goes_on_in_the_next_line()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Enter("foreach ($i in 20, 21) {");
        terminal.WaitFor(">>");
        terminal.Enter("$i * 2");
        terminal.Enter("}");
        terminal.WaitFor("\n40\n42\n");
    }

    [Fact]
    public void History_is_walked_searched_and_survives_the_shell()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        var state = Directory.CreateTempSubdirectory("psc-state-").FullName;
        using (var first = new Terminal(state))
        {
            first.Enter("'fi' + 'rst'");
            first.WaitFor("\nfirst\n");
            first.Enter("'sec' + 'ond'");
            first.WaitFor("\nsecond\n");
            first.Press("C-d");
            first.WaitFor("ended with 0");
        }

        using var second = new Terminal(state);
        second.Press("Up", "Up", "Enter");
        second.WaitFor("\nfirst\n");
        second.Press("C-r");
        second.Type("sec");
        second.WaitFor("bck-i-search: sec");
        second.Press("Enter");
        second.WaitFor("\nsecond\n");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(second.History));
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public void Tab_completes_what_is_shared_and_lists_the_rest()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Type("Remove-Conta");
        terminal.Press("Tab");
        terminal.WaitFor("Remove-ContainerImage");
        terminal.Press("C-u");
        terminal.Type("Wait-Cont");
        terminal.Press("Tab");
        terminal.WaitFor("Wait-Container");
    }

    [Fact]
    public void Tab_completes_properties_of_what_a_command_returns()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Type("(Get-Container).ExitC");
        terminal.Press("Tab");
        terminal.WaitFor("(Get-Container).ExitCode");
        terminal.Press("C-u");
        terminal.Type("Get-Container | Sort-Object Crea");
        terminal.Press("Tab");
        terminal.WaitFor("Sort-Object Created");
    }

    [Fact]
    public void Tab_completes_paths()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        var folder = Directory.CreateTempSubdirectory("psc-tab-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        File.WriteAllText(Path.Combine(folder, "sub", "only one"), "found\n");
        using var terminal = new Terminal();

        terminal.Type($"Get-Content {folder}/s");
        terminal.Press("Tab");
        terminal.WaitFor($"{folder}/sub/");
        terminal.Press("Tab");
        terminal.WaitFor("only one'");
        terminal.Press("Enter");
        terminal.WaitFor("\nfound\n");
        terminal.Enter("\"errors: $($Error.Count)\"");
        terminal.WaitFor("\nerrors: 0\n");

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Question_is_answered_or_taken_back_with_the_command_that_asks()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Enter("Remove-Container nope -Confirm; 'not reached'");
        terminal.WaitFor("(default is \"Y\"):");
        terminal.Press("C-c");
        terminal.WaitFor("^C\nPS />");
        terminal.Enter("Remove-Container nope -Confirm");
        terminal.Enter("?");
        terminal.WaitFor("L - Skip this operation and all subsequent operations.");
        terminal.Type("m");
        terminal.Press("BSpace");
        terminal.Enter("y");
        terminal.WaitFor("container 'nope' does not exist");
        Assert.DoesNotContain("\nnot reached", terminal.Screen(), StringComparison.Ordinal);
    }

    [Fact]
    public void Typed_text_can_be_edited()
    {
        Assert.SkipUnless(Terminal.IsAvailable, NoTerminal);
        using var terminal = new Terminal();

        terminal.Type("bc'");
        terminal.Press("Home");
        terminal.Type("'a");
        terminal.Press("End");
        terminal.Type(" + 'xyz'");
        terminal.Press("Left", "BSpace", "Left", "Left");
        terminal.Press("DC");
        terminal.Press("Enter");
        terminal.WaitFor("\nabcy\n");
    }
}
