namespace PsContainers.Cmdlets.Tests.Host;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("1+1", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Get-Nothing", 1)]
    [InlineData("Get-Nothing; 1", 0)]
    [InlineData("$x =", 1)]
    [InlineData("/bin/sh -c 'exit 3'; exit $LASTEXITCODE", 3)]
    public void Command_decides_the_exit_code(string command, int expected) => Assert.Equal(expected, Psc.Command(command).ExitCode);

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("exit 0", 0)]
    [InlineData("throw 'no'", 1)]
    [InlineData("/bin/sh -c 'exit 3'; 'done'", 0)]
    public void Script_file_decides_the_exit_code(string text, int expected)
    {
        using var script = new ScriptFile(text);

        Assert.Equal(expected, Psc.Run([script.Path]).ExitCode);
    }

    [Fact]
    public void Unknown_option_and_missing_file_are_refused_with_64()
    {
        Assert.Equal(64, Psc.Run(["-Nonsense"]).ExitCode);
        Assert.Equal(64, Psc.Run(["/nonexistent.ps1"]).ExitCode);
    }

    [Fact]
    public void Terminated_psc_stops_its_pipeline_and_reports_the_signal()
    {
        using var process = Psc.Start(["-Command", "try { 'begun'; Start-Sleep 60 } finally { [Console]::Error.WriteLine('cleaned up') }"]);
        Assert.Equal("begun", process.StandardOutput.ReadLine());

        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-TERM", $"{process.Id}"]);
        var result = Psc.Finish(process);

        Assert.Equal(128 + 15, result.ExitCode);
        Assert.Contains("cleaned up", result.Error, StringComparison.Ordinal);
    }
}
