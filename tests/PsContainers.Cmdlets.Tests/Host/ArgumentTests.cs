namespace PsContainers.Cmdlets.Tests.Host;

public sealed class ArgumentTests
{
    private const string Echo = """
        param([string] $Name, [switch] $Force, [int] $Count, [Parameter(ValueFromRemainingArguments)] $Rest)
        "$Name|$Force|$Count|$($Rest -join ',')|$(Split-Path -Leaf $PSCommandPath)"
        """;

    [Theory]
    [InlineData("-Name web -Force 5 a b", "web|True|5|a,b")]
    [InlineData("-Force web", "web|True|0|")]
    [InlineData("-Name:web -Count 3", "web|False|3|")]
    [InlineData("-Force:$false web -1", "web|False|-1|")]
    public void Words_after_the_script_become_its_parameters(string words, string expected)
    {
        using var script = new ScriptFile(Echo);

        var result = Psc.Run(["-NoProfile", "-File", script.Path, .. words.Split(' ')]);

        Assert.Equal([$"{expected}|{Path.GetFileName(script.Path)}"], result.Lines);
    }

    [Fact]
    public void Piped_script_runs_as_a_whole()
    {
        var result = Psc.Run([], "foreach ($i in 1, 2) {\n  $i * 2\n}\nexit 4\n");

        Assert.Equal(["2", "4"], result.Lines);
        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public void Piped_text_is_the_input_of_a_script_that_asks_for_it()
    {
        Assert.Equal(["<a>", "<b>"], Psc.Run(["-Command", "$input | ForEach-Object { \"<$_>\" }"], "a\nb\n").Lines);
        Assert.Equal(["a", "b"], Psc.Run(["-Command", "/bin/cat"], "a\nb\n").Lines);
    }

    [Fact]
    public void Script_without_extension_is_a_script_too()
    {
        var path = Path.Combine(Psc.Root, "script");
        File.WriteAllText(path, "#!/usr/bin/env psc\nparam($Name)\n\"hello $Name\"; exit 6\n");

        var result = Psc.Run([path, "-Name", "you"]);

        Assert.Equal(["hello you"], result.Lines);
        Assert.Equal(6, result.ExitCode);
    }

    [Fact]
    public void Dash_reads_the_command_from_stdin() => Assert.Equal(["3"], Psc.Run(["-Command", "-"], "1+2").Lines);

    [Fact]
    public void Version_names_psc_and_powershell() =>
        Assert.Matches("^psc 0\\.1\\.0 \\(PowerShell 7\\.6\\.[0-9]+\\)$", Psc.Run(["-Version"]).Lines[0]);

    [Fact]
    public void Working_directory_is_where_the_script_starts() =>
        Assert.Equal(["/usr"], Psc.Run(["-WorkingDirectory", "/usr", "-Command", "(Get-Location).Path"]).Lines);
}
