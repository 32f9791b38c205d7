namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>The parameters about the walls around a container; needs root and Debian's busybox-static.</summary>
public sealed class IsolationTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public IsolationTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Parameters_reach_the_container()
    {
        var result = _image.Command(
            "Invoke-Container busybox -Remove -CapDrop ALL -CapAdd net_admin -ShmSize 1MB -Ulimit @{ nofile = '100:200' } -CpuSet 0 "
            + "-Device /dev/zero:/dev/z:r -SecurityOption no-new-privileges=false -Command sh,-c,'"
            + "grep -E \"(CapEff|NoNewPrivs|Cpus_allowed_list)\" /proc/self/status | cut -f 2; df -k /dev/shm | grep -c 1024; "
            + "ulimit -n; ulimit -H -n; ls /dev/z'");

        Assert.Equal(["0000000000001000", "0", "0", "1", "100", "200", "/dev/z"], result.Lines);
    }

    [Theory]
    [InlineData("-CapAdd nonsense", "InvalidCapability")]
    [InlineData("-SecurityOption nonsense", "InvalidSecurityOption")]
    [InlineData("-SecurityOption seccomp=/nonexistent", "InvalidSecurityOption")]
    [InlineData("-Device /dev/nonsense", "InvalidDevice")]
    [InlineData("-Sysctl kernel.panic=1", "InvalidSysctl")]
    [InlineData("-Ulimit nonsense=1", "InvalidUlimit")]
    [InlineData("-PidNamespace nonsense", "InvalidNamespace")]
    [InlineData("-PidNamespace container:nonsense", "ContainerNotFound")]
    [InlineData("-StopSignal nonsense", "InvalidSignal")]
    [InlineData("-OomScoreAdj 1001", "InvalidLimit")]
    [InlineData("-CpuSet 9999", "InvalidLimit")]
    [InlineData("-MemorySwap -1 -CpuShares 1", "InvalidLimit")]
    public void Mistake_is_an_error_record_and_makes_nothing(string parameters, string id)
    {
        var result = _image.Command(
            $"try {{ New-Container busybox -Name mistaken -Command true {parameters} -ErrorAction Stop }} "
            + "catch { $_.FullyQualifiedErrorId.Split(',')[0] }; Get-Container mistaken*");

        Assert.Equal([id], result.Lines);
    }

    [Fact]
    public void Profile_is_found_from_the_sessions_location()
    {
        var result = _image.Command(
            "Set-Location $env:PSCONTAINERS_ROOT; [IO.File]::WriteAllText(\"$PWD/p.json\", "
            + "'{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [ { \"names\": [\"sethostname\"], "
            + "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 28 } ] }'); "
            + "Invoke-Container busybox -Remove -CapAdd SYS_ADMIN -SecurityOption seccomp=p.json -Command sh,-c,'hostname x 2>&1'");

        Assert.Equal(["hostname: sethostname: No space left on device"], result.Lines);
    }

    [Fact]
    public void Choices_are_properties_and_in_the_list()
    {
        var result = _image.Command(
            "$c = New-Container busybox -Name chosen -Privileged -CapAdd kill -Tty -Init -MemorySwap -1 -Memory 64MB -OomScoreAdj 5 "
            + "-Sysctl net.ipv4.ip_forward=1 -UserNamespace Host -StopSignal HUP -Command true; "
            + "$c.Privileged, $c.CapAdd[0], $c.Tty, $c.Init, $c.MemorySwap, $c.OomScoreAdj, "
            + "$c.Sysctl['net.ipv4.ip_forward'], $c.UserNamespace, $c.StopSignal; "
            + "$c | Format-List | Out-String -Stream | Where-Object { $_ -like 'Privileged*' }; Remove-Container chosen");

        Assert.Equal(["True", "CAP_KILL", "True", "True", "-1", "5", "1", "Host", "1"], result.Lines[..9]);
        Assert.Matches("^Privileged +: True$", result.Lines[9]);
    }

    [Fact]
    public void Container_is_suspended_and_resumed_through_the_pipeline()
    {
        var result = _image.Command(
            "$null = Start-Container -Image busybox -Name s1, s2 -Command sleep,100; "
            + "Get-Container s? | Suspend-Container; (Get-Container s?).Status; "
            + "'s1' | Resume-Container -PassThru | ForEach-Object Status; Start-Container s2; "
            + "Remove-Container s? -Force; Get-Container s?");

        Assert.Equal(["Paused", "Paused", "Running"], result.Lines);
        Assert.Contains("container 's2' is paused", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Signal_by_name_or_number_reaches_the_first_process()
    {
        var result = _image.Command(
            "$script = 'trap \"exit 4\" USR1; trap \"exit 5\" HUP; echo up; while :; do sleep 0.05; done'; "
            + "$null = Start-Container -Image busybox -Name t1, t2, t3 -Command sh,-c,$script; "
            + "while (@(Get-ContainerLog t1; Get-ContainerLog t2).Count -lt 2) { Start-Sleep -Milliseconds 20 }; "
            + "Send-ContainerSignal t1 USR1; Send-ContainerSignal t2 -Signal 1; (Send-ContainerSignal t3 -PassThru).Name; "
            + "(Wait-Container t1, t2, t3).ExitCode; Remove-Container t?; Send-ContainerSignal t1");

        Assert.Equal(["t3", "4", "5", "137"], result.Lines);
        Assert.Contains("container 't1' does not exist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_set_on_a_running_container()
    {
        var result = _image.Command(
            "$null = Start-Container -Image busybox -Name limited -Memory 64MB -Command sleep,100; "
            + "$c = Get-Container limited | Set-Container -Memory 128MB -PidsLimit 20 -PassThru; $c.Memory, $c.PidsLimit; "
            + "Set-Container limited -Memory 1KB; Set-Container limited; (Get-Container limited).Memory; Remove-Container limited -Force");

        Assert.Equal(["134217728", "20", "134217728"], result.Lines);
        Assert.Equal(2, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("New-Container busybox -CapAdd net_a", "NET_ADMIN")]
    [InlineData("Send-ContainerSignal x -Signal SIGUS", "SIGUSR1,SIGUSR2")]
    [InlineData("New-Container busybox -StopSignal HU", "HUP")]
    [InlineData("New-Container busybox -UserNamespace P", "Private")]
    [InlineData("New-Container busybox -Ulimit nof", "nofile=")]
    [InlineData("New-Container busybox -Sysctl net.core", "net.core.somaxconn=")]
    [InlineData("New-Container busybox -SecurityOption sys", "systempaths=unconfined")]
    public void Names_are_completed(string typed, string expected)
    {
        var result = _image.Command(
            $"[System.Management.Automation.CommandCompletion]::CompleteInput('{typed}', {typed.Length}, $null)"
            + ".CompletionMatches.CompletionText -join ','");

        Assert.Equal([expected], result.Lines);
    }
}
