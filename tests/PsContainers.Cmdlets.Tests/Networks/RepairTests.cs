namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>What somebody's hand took from networks, and how it comes back.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class RepairTests
{
    private readonly NetworkHost _host;

    public RepairTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
    }

    [Fact]
    public void Network_that_lacks_nothing_is_left_alone()
    {
        var result = _host.Command(
            "$null = Start-Container -Image busybox -Name web -Publish 8080:80 -Command sleep, 60; Repair-ContainerNetwork");

        Assert.Empty(result.Error);
        Assert.Empty(result.Output);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Published_port_comes_back_after_a_flushed_firewall()
    {
        const string Ask = "function Ask { & /bin/busybox timeout 2 /bin/busybox wget -q -O - http://127.0.0.1:8080/name 2> $null; "
            + "$LASTEXITCODE -eq 0 }; ";
        _host.Command(
            "$null = Start-Container -Image busybox -Name web -Hostname web -Publish 8080:80 -Command sh, -c, "
            + "'busybox mkdir /www; hostname > /www/name; exec busybox httpd -f -p 80 -h /www'; Start-Sleep -Milliseconds 500");
        _host.Run("/usr/sbin/nft", "flush", "ruleset");
        Assert.Empty(_host.Tables);

        var wish = _host.Command(Ask + "Repair-ContainerNetwork -WhatIf; Ask");
        var repair = _host.Command(
            Ask + "$p = Repair-ContainerNetwork; $p.Count -gt 0; $p[0].Network; $p[0].IsRepaired; Ask; (Repair-ContainerNetwork).Count");

        Assert.StartsWith("What if: ", wish.Lines[0], StringComparison.Ordinal);
        Assert.Equal("False", wish.Lines[^1]);
        Assert.Empty(repair.Error);
        Assert.Equal(["True", "bridge", "True", "web", "True", "0"], repair.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Link_that_somebody_removed_comes_back()
    {
        _host.Command(
            "$null = New-ContainerNetwork back -Interface psc-back; "
            + "$null = Start-Container -Image busybox -Name a, b -Network back -Command sleep, 60");
        _host.Run("/bin/busybox", "ip", "link", "del", "psc-back");

        var result = _host.Command(
            "(Repair-ContainerNetwork b*).Count -gt 0; Invoke-ContainerCommand a busybox, ping, -c, 1, -w, 5, b | Out-Null; $LASTEXITCODE");

        Assert.Empty(result.Error);
        Assert.Equal(["True", "0"], result.Lines);
        _host.AssertNothingIsLeft();
    }
}
