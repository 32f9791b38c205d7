namespace PsContainers.Cmdlets.Tests.Host;

public sealed class OutputTests
{
    [Fact]
    public void Results_go_to_stdout_and_errors_to_stderr()
    {
        var result = Psc.Command("'result'; Write-Error 'failure'; 'more'");

        Assert.Equal(["result", "more"], result.Lines);
        Assert.Equal("Write-Error: failure\n", result.Error);
    }

    [Theory]
    [InlineData("throw 'out of luck'", "Exception: out of luck")]
    [InlineData("Get-Nothing", "Get-Nothing: The term 'Get-Nothing' is not recognized")]
    [InlineData("$x =", "ParserError: ")]
    [InlineData("1/0", "RuntimeException: Attempted to divide by zero.")]
    public void Error_is_one_line_that_names_its_origin(string command, string expected)
    {
        var error = Psc.Command(command).Error;

        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Error_in_a_script_file_names_file_and_line()
    {
        using var script = new ScriptFile("'first'\nWrite-Error 'failure'\n");

        Assert.StartsWith($"{script.Path}:2: Write-Error: failure", Psc.Run([script.Path]).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Help New-ContainerVolume", "SYNOPSIS")]
    [InlineData("Get-Help New-ContainerVolume -Examples", "New-ContainerVolume data")]
    [InlineData("Get-Help New-ContainerVolume -Full", "Accept pipeline input?")]
    [InlineData("Get-Help New-Container -Parameter Volume", "-Volume <ContainerMount[]>")]
    public void Help_is_a_page_to_read(string command, string line)
    {
        var lines = Psc.Command(command).Lines;

        Assert.Contains(lines, said => said.Contains(line, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, said => said.Contains("xmlns", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_is_utf8_without_byte_order_mark()
    {
        using var process = Psc.Start(["-Command", "'grün'"]);
        using var bytes = new MemoryStream();
        process.StandardInput.Close();
        process.StandardOutput.BaseStream.CopyTo(bytes);
        process.WaitForExit();

        Assert.Equal("grün\n"u8.ToArray(), bytes.ToArray());
    }

    [Fact]
    public void Redirected_objects_lie_in_the_file_as_the_screen_would_show_them()
    {
        using var file = new ScriptFile("");

        var result = Psc.Command(
            $"'grün' > {file.Path}; [pscustomobject]@{{ A = 1; B = 'x' * 60 }} >> {file.Path}; Write-Error 'bad' 2>> {file.Path}; 'shown'");

        Assert.Equal("shown\n", result.Output);
        Assert.Empty(result.Error);
        Assert.StartsWith($"grün\n\nA B\n- -\n1 {new string('x', 60)}\n", File.ReadAllText(file.Path), StringComparison.Ordinal);
        Assert.Contains("bad", File.ReadAllText(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_cannot_be_written_is_an_error()
    {
        var result = Psc.Command("1 > /nonexistent/file; 'after'");

        Assert.Equal(["after"], result.Lines);
        Assert.Contains("/nonexistent/file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Question_without_a_user_fails_instead_of_waiting() =>
        Assert.Equal("Read-Host: psc runs non-interactively and cannot ask\n", Psc.Command("Read-Host 'name'").Error);

    [Fact]
    public void Reader_that_goes_away_ends_psc_like_any_program()
    {
        using var process = Psc.Start(["-Command", "try { while ($true) { 'y' } } finally { [Console]::Error.WriteLine('cleaned up') }"]);
        Assert.Equal("y", process.StandardOutput.ReadLine());

        process.StandardOutput.Close();
        var error = process.StandardError.ReadToEnd();

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(128 + 13, process.ExitCode);
        Assert.Equal("cleaned up\n", error);
    }

    [Fact]
    public void Nothing_is_colored_without_a_terminal()
    {
        var result = Psc.Command(
            "Write-Host -ForegroundColor Red 'red'; Write-Warning 'careful'; [pscustomobject]@{ A = 1 } | Format-Table; Write-Error 'bad'");

        Assert.DoesNotContain('\e', result.Output + result.Error);
        Assert.Contains("WARNING: careful", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Information_reaches_the_screen_when_asked_for()
    {
        var result = Psc.Command(
            "Write-Information 'quiet'; Write-Information 'loud' -InformationAction Continue; Write-Verbose 'told' -Verbose");

        Assert.Equal(["loud", "VERBOSE: told"], result.Lines);
    }

    [Fact]
    public void Prompt_without_a_user_fails_instead_of_waiting()
    {
        var result = Psc.Command("New-Container");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Image", result.Error, StringComparison.Ordinal);
    }
}
