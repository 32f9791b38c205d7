using System.Diagnostics;

namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>The cmdlets on real containers; needs root and Debian's busybox-static.</summary>
public sealed class ContainerTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public ContainerTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Foreground_run_prints_what_the_container_prints()
    {
        var result = _image.Command("Invoke-Container busybox -Command echo,hello -Remove");

        Assert.Equal("hello\n", result.Output);
        Assert.Empty(result.Error);
        Assert.Empty(_image.Command("Get-Container").Output);
    }

    [Fact]
    public void Streams_of_a_foreground_run_stay_apart()
    {
        var result = _image.Command("$r = Invoke-Container busybox -Command sh,-c,'echo out; echo err >&2' -Remove; \"[$r]\"");

        Assert.Equal("[out]\n", result.Output);
        Assert.Equal("err\n", result.Error);
    }

    [Fact]
    public void Errors_of_a_foreground_run_can_be_caught_as_information()
    {
        var result = _image.Command(
            "Invoke-Container busybox -Command sh,-c,'echo err >&2' -Remove -InformationVariable i 6> $null; "
            + "$i | ForEach-Object { \"$($_.Tags -join ','): $_\" }");

        Assert.Equal(["PSHOST,stderr: err"], result.Lines);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("sh,-c,'exit 3'", 3)]
    [InlineData("nonexistent", 127)]
    [InlineData("/etc", 126)]
    public void Exit_code_of_a_foreground_run_is_in_LASTEXITCODE(string command, int expected)
    {
        var result = _image.Command($"Invoke-Container busybox -Command {command} -Remove; exit $LASTEXITCODE");

        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public void Result_object_carries_exit_code_and_output()
    {
        var result = _image.Command(
            "$r = Invoke-Container busybox -Command sh,-c,'echo a; echo b; echo c >&2; exit 4' -Remove -PassThru; "
            + "$r.ExitCode, $r.Output, $r.ErrorOutput");

        Assert.Equal(["4", "a", "b", "c"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Arguments_reach_the_command_untouched()
    {
        var result = _image.Command(
            """Invoke-Container busybox -Command sh,-c,'for a; do echo "<$a>"; done',x,'a b','$HOME','"q"','*','',-n,$null -Remove""");

        Assert.Equal(["<a b>", "<$HOME>", "<\"q\">", "<*>", "<>", "<-n>", "<>"], result.Lines);
    }

    [Fact]
    public void Settings_reach_the_container()
    {
        var result = _image.Command(
            "Invoke-Container busybox -Remove -Environment @{ A = 'x y' } -Hostname box -WorkingDirectory /tmp -User 12:34 "
            + "-Command sh,-c,'echo $A; hostname; pwd; id -u; id -g'");

        Assert.Equal(["x y", "box", "/tmp", "12", "34"], result.Lines);
    }

    [Fact]
    public void Container_outlives_the_shell_and_the_next_one_ends_it()
    {
        _image.Command("Start-Container -Image busybox -Name outlives -Command sleep,60");

        Assert.Equal(["Running"], _image.Command("(Get-Container outlives).Status").Lines);
        Assert.Equal(["Stopped"], _image.Command("(Stop-Container outlives -Timeout 0 -PassThru).Status").Lines);
        Assert.Empty(_image.Command("Remove-Container outlives; Get-Container outlives*").Output);
    }

    [Fact]
    public void Objects_flow_through_the_pipeline()
    {
        var result = _image.Command(
            "Start-Container -Image busybox -Name p1, p2 -Command sh,-c,'echo hi; exit 5' | Wait-Container | ForEach-Object ExitCode; "
            + "Get-Container p* | Get-ContainerLog | ForEach-Object Text; Get-Container p? | Remove-Container; Get-Container p*");

        Assert.Equal(["5", "5", "hi", "hi"], result.Lines);
    }

    [Fact]
    public void Log_is_followed_until_the_end()
    {
        var result = _image.Command(
            "$c = Start-Container -Image busybox -Name follow -Command sh,-c,'echo 1; sleep 0.5; echo 2 >&2; sleep 0.5; echo 3'; "
            + "$c | Get-ContainerLog -Follow | ForEach-Object { \"$($_.Stream) $($_.Text)\" }; "
            + "Get-ContainerLog follow -Tail 1 | ForEach-Object Text; "
            + "Get-ContainerLog follow -Stream StandardError | ForEach-Object Text; Remove-Container follow");

        Assert.Equal(["StandardOutput 1", "StandardError 2", "StandardOutput 3", "3", "2"], result.Lines);
    }

    [Fact]
    public void First_line_is_enough_to_stop_a_foreground_run()
    {
        var result = _image.Command("Invoke-Container busybox -Name yes -Command yes -Remove | Select-Object -First 1; Get-Container yes*");

        Assert.Equal(["y"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Name_in_use_is_an_error_of_that_item()
    {
        var result = _image.Command(
            "try { $null = New-Container busybox -Name twice -Command true; "
            + "New-Container busybox -Name twice -Command true -ErrorAction Stop } "
            + "catch { $_.FullyQualifiedErrorId.Split(',')[0]; $_.CategoryInfo.Category }; Remove-Container twice");

        Assert.Equal(["ContainerNameInUse", "ResourceExists"], result.Lines);
    }

    [Fact]
    public void Container_that_cannot_start_leaves_its_name_free()
    {
        var result = _image.Command("Start-Container -Image busybox -Name failing -Command nonexistent; Get-Container failing*");

        Assert.Empty(result.Output);
        Assert.StartsWith("Start-Container: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_from_the_pipeline_goes_with_all_its_names()
    {
        var result = _image.Command(
            "$source = Join-Path $env:PSCONTAINERS_ROOT ../other; $null = New-Item -ItemType Directory $source/etc -Force; "
            + "$null = Import-ContainerImage -RootFileSystem $source -Name one; "
            + "$null = Import-ContainerImage -RootFileSystem $source -Name two; "
            + "Get-ContainerImage one | Remove-ContainerImage; (Get-ContainerImage one).Names.Count; "
            + "Get-ContainerImage one | Remove-ContainerImage -Force; Get-ContainerImage one*, two*");

        Assert.Equal(["2"], result.Lines);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Names_are_completed()
    {
        var result = _image.Command(
            "$null = New-Container busybox -Name complete-me -Command true; $type = [System.Management.Automation.CommandCompletion]; "
            + "$type::CompleteInput('Get-Container compl', 19, $null).CompletionMatches.CompletionText; "
            + "$type::CompleteInput('New-Container busy', 18, $null).CompletionMatches.CompletionText; "
            + "Remove-Container complete-me");

        Assert.Equal(["complete-me", "busybox:latest"], result.Lines);
    }

    [Fact]
    public void Table_shows_name_image_and_status()
    {
        var result = _image.Command(
            "$null = New-Container busybox -Name shown -Command sleep,60; Get-Container shown; Remove-Container shown");

        Assert.Matches(@"Id +Name +Image +Status +Created +Command\n-", result.Output);
        Assert.Matches(@"\n[0-9a-f]{12} shown +busybox +Created +[0-9:-]{8,10} +sleep 60\n", result.Output);
    }

    [Fact]
    public void Table_fits_a_screen_of_80_columns()
    {
        var result = _image.Command(
            "$null = Start-Container -Image busybox -Name fits -Command sh,-c,'exit 137' | Wait-Container; "
            + "Get-Container fits | Out-String -Width 80; Remove-Container fits");

        Assert.Matches(@"\n[0-9a-f]{12} fits +busybox +Stopped \(137\) [0-9:-]{8,10} +sh -c exit", result.Output);
        Assert.All(result.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Interrupt_on_the_terminal_stops_the_container()
    {
        Assert.SkipUnless(Terminal.IsAvailable, "tmux is missing");
        using var terminal = new Terminal(root: _image.Root, run: _image.Run);

        const string Script = "trap \"echo ending; exit 0\" TERM; echo begun; while :; do sleep 0.1; done";

        terminal.Enter($"Invoke-Container busybox -Name foreground -Command sh,-c,'{Script}' -Remove");
        terminal.WaitFor("\nbegun\n");
        var watch = Stopwatch.StartNew();
        terminal.Press("C-c");
        terminal.Enter("'prompt ' + 'again'");
        terminal.WaitFor("prompt again");

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"stopping took {watch.Elapsed}");
        Assert.Empty(_image.Command("Get-Container foreground*").Output);
    }
}
