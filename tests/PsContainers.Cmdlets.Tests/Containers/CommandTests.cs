namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>Commands in a running container; needs root and Debian's busybox-static.</summary>
public sealed class CommandTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public CommandTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Lines_come_out_and_the_exit_code_is_left()
    {
        var result = Run("Invoke-ContainerCommand c sh,-c,'echo one; echo two; exit 3'; $LASTEXITCODE");

        Assert.Equal(["one", "two", "3"], result.Lines);
    }

    [Fact]
    public void Pipeline_is_its_standard_input()
    {
        var result = Run("1..3 | ForEach-Object { \"line $_\" } | Invoke-ContainerCommand c cat,-n | ForEach-Object { $_.Trim() }");

        Assert.Equal(["1\tline 1", "2\tline 2", "3\tline 3"], result.Lines);
    }

    [Fact]
    public void Input_and_output_larger_than_a_pipe_do_not_wait_for_each_other()
    {
        var result = Run("$n = 0; 1..5000 | ForEach-Object { 'x' * 99 } | Invoke-ContainerCommand c cat | ForEach-Object { $n++ }; $n");

        Assert.Equal(["5000"], result.Lines);
    }

    [Fact]
    public void Command_that_does_not_read_its_input_ends_all_the_same()
    {
        var result = Run("1..5000 | ForEach-Object { 'x' * 99 } | Invoke-ContainerCommand c echo,done");

        Assert.Equal(["done"], result.Lines);
    }

    [Fact]
    public void Without_a_pipeline_the_input_is_empty()
    {
        var result = Run("Invoke-ContainerCommand c cat; $LASTEXITCODE");

        Assert.Equal(["0"], result.Lines);
    }

    [Fact]
    public void Errors_are_information_records_with_a_tag()
    {
        var result = Run("Invoke-ContainerCommand c sh,-c,'echo out; echo err >&2' 6>&1 | "
            + "ForEach-Object { if ($_ -is [string]) { \"s $_\" } else { \"$($_.Tags[-1]) $_\" } }");

        Assert.Equal(["s out", "stderr err"], result.Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void User_environment_and_directory_are_chosen()
    {
        var result = Run("Invoke-ContainerCommand c sh,-c,'id -u; id -g; echo $A $B; pwd' "
            + "-User 7:8 -Environment @{ A = 1 } -WorkingDirectory /tmp");

        Assert.Equal(["7", "8", "1 kept", "/tmp"], result.Lines);
    }

    [Fact]
    public void Object_collects_what_came()
    {
        var result = Run("$r = Invoke-ContainerCommand c sh,-c,'echo o; echo e >&2; exit 4' -PassThru; "
            + "$r.ExitCode, $r.Output[0], $r.ErrorOutput[0], $r.Container.Name");

        Assert.Equal(["4", "o", "e", "c"], result.Lines);
    }

    [Theory]
    [InlineData("c nonsense", "CommandNotFound 127")]
    [InlineData("c /etc", "CommandNotExecutable 126")]
    [InlineData("nonsense true", "ContainerNotFound 125")]
    [InlineData("stopped true", "ContainerNotRunning 125")]
    [InlineData("paused true", "ContainerPaused 125")]
    public void Failure_has_an_id_and_a_code(string arguments, string expected)
    {
        var result = Run("$null = New-Container busybox -Name stopped -Command true; "
            + "$null = Start-Container -Image busybox -Name paused -Command sleep,60; Suspend-Container paused; "
            + $"Invoke-ContainerCommand {arguments} -ErrorAction SilentlyContinue -ErrorVariable e; "
            + "\"$($e[0].FullyQualifiedErrorId.Split(',')[0]) $LASTEXITCODE\"; Remove-Container stopped, paused -Force");

        Assert.Equal([expected], result.Lines);
    }

    [Fact]
    public void Command_runs_with_the_containers_limits_and_rights()
    {
        var result = Run("$own = Invoke-ContainerCommand c grep,-E,'Cap|Seccomp:|NoNew',/proc/1/status; "
            + "$new = Invoke-ContainerCommand c grep,-E,'Cap|Seccomp:|NoNew',/proc/self/status; "
            + "$own.Count -gt 4; \"$own\" -eq \"$new\"; "
            + "$groups = Invoke-ContainerCommand c sh,-c,'cat /proc/1/cgroup | md5sum; cat /proc/self/cgroup | md5sum'; "
            + "$groups[0] -eq $groups[1]");

        Assert.Equal(["True", "True", "True"], result.Lines);
    }

    [Fact]
    public void Command_ends_with_its_container()
    {
        var result = Run("Invoke-ContainerCommand c sh,-c,'echo begun; kill 1; sleep 60'; $LASTEXITCODE");

        Assert.Equal(["begun", "137"], result.Lines);
    }

    [Fact]
    public void Console_is_needed_to_enter()
    {
        var result = Run("Enter-Container c -ErrorAction SilentlyContinue -ErrorVariable e; $e[0].FullyQualifiedErrorId.Split(',')[0]");

        Assert.Equal(["TerminalRequired"], result.Lines);
    }

    private PscResult Run(string script) => _image.Command(
        "$null = Start-Container -Image busybox -Name c -Environment B=kept -Init -Command sleep,600; "
        + $"try {{ {script} }} finally {{ Remove-Container c -Force }}");
}
