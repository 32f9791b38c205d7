namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>Containers that join networks, find each other there, and leave.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class ConnectionTests
{
    // The resolver answers at once; what is waited for is the other container's name.
    private const string Find = "function Find($from, $name) { for ($i = 0; $i -lt 30; $i++) { "
        + "$a = Invoke-ContainerCommand $from busybox, ping, -c, 1, -w, 2, $name 6> $null; if ($LASTEXITCODE -eq 0) { "
        + "return ($a[0] -replace '.*\\((.*?)\\).*', '$1') }; Start-Sleep -Milliseconds 100 }; 'nobody' }; "
        + "function Miss($from, $name) { $null = Invoke-ContainerCommand $from busybox, ping, -c, 1, -w, 2, $name 6> $null; "
        + "$LASTEXITCODE -ne 0 }; ";

    private readonly NetworkHost _host;

    public ConnectionTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
    }

    [Fact]
    public void Containers_of_a_network_find_each_other_by_name_and_alias()
    {
        var result = _host.Command(
            Find + "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; $null = New-ContainerNetwork other; "
            + "$null = Start-Container -Image busybox -Name web, worker -Network back -Command sleep, 60; "
            + "$null = Start-Container -Image busybox -Name db -Network back -NetworkAlias database "
            + "-IPAddress 10.90.5.33 -Command sleep, 60; "
            + "$null = Start-Container -Image busybox -Name stranger -Network other -Command sleep, 60; "
            + "Find web db; Find worker database; (Find db web) -in (Get-Container web).Network.IPAddress.Split('/')[0]; "
            + "Miss stranger db; Miss stranger 10.90.5.33");

        Assert.Empty(result.Error);
        Assert.Equal(["10.90.5.33", "10.90.5.33", "True", "True", "True"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Running_containers_join_and_leave()
    {
        var result = _host.Command(
            Find + "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; "
            + "$null = Start-Container -Image busybox -Name a, b -Command sleep, 60; "
            + "Get-Container a, b | Connect-ContainerNetwork back; (Get-ContainerNetwork back).Container -join ' '; "
            + "(Get-Container a).Network.Network -join ' '; Find a b; "
            + "[bool] (Invoke-ContainerCommand a cat, /etc/hosts | Where-Object { $_ -like '10.90.5.*a' }); "
            + "Disconnect-ContainerNetwork back a, b; (Get-ContainerNetwork back).Container.Count; (Get-Container a).Network.Network; "
            + "[bool] (Invoke-ContainerCommand a cat, /etc/hosts | Where-Object { $_ -like '10.90.5.*' })");

        Assert.Empty(result.Error);
        Assert.Equal("a b", result.Lines[0]);
        Assert.Equal("bridge back", result.Lines[1]);
        Assert.StartsWith("10.", result.Lines[2], StringComparison.Ordinal);
        Assert.Equal(["True", "0", "bridge", "False"], result.Lines[3..]);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Connection_of_a_stopped_container_counts_from_its_next_start()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; "
            + "$null = New-Container busybox -Name later -Network None -Command sleep, 60; "
            + "$c = Connect-ContainerNetwork back later -IPAddress 10.90.5.50 -Alias l -PassThru; \"$($c.Network) $($c.Network.Alias)\"; "
            + "$null = Start-Container later; (Get-Container later).Network.IPAddress; Stop-Container later -Timeout 0; "
            + "(Disconnect-ContainerNetwork back later -PassThru).Network.Network");

        Assert.Empty(result.Error);
        Assert.Equal(["back l", "10.90.5.50/24", "None"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("Connect-ContainerNetwork back on", "NetworkConnected")]
    [InlineData("Connect-ContainerNetwork back host", "NetworkUnsupported")]
    [InlineData("Connect-ContainerNetwork back nobody", "ContainerNotFound")]
    [InlineData("Connect-ContainerNetwork back off -IPAddress 10.90.5.2", "AddressInUse")]
    [InlineData("Connect-ContainerNetwork back off -Interface eth0", "InvalidNetwork")]
    [InlineData("Disconnect-ContainerNetwork back off", "NetworkNotConnected")]
    [InlineData("Remove-ContainerNetwork back", "NetworkInUse")]
    [InlineData("Set-ContainerNetwork back -Mtu 1400", "NetworkInUse")]
    public void Failure_has_an_id_and_changes_nothing(string script, string id)
    {
        var errors = _host.Errors(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; "
            + "$null = Start-Container -Image busybox -Name on -Network back -Command sleep, 60; "
            + "$null = Start-Container -Image busybox -Name off -Command sleep, 60; "
            + $"$null = New-Container busybox -Name host -Network Host -Command true; {script}");

        Assert.Equal([id], errors);
        Assert.Equal(["on", "bridge"], _host.Command("(Get-ContainerNetwork back).Container; (Get-Container off).Network.Network").Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Forced_removal_takes_containers_off_and_unused_networks_go_alone()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork used, meant, unused; "
            + "$null = Start-Container -Image busybox -Name on -Network used -Command sleep, 60; "
            + "$null = New-Container busybox -Name later -Network meant -Command true; Remove-ContainerNetwork -Unused; "
            + "(Get-ContainerNetwork).Name -join ' '; Remove-ContainerNetwork used, meant -Force; (Get-ContainerNetwork).Count; "
            + "(Get-Container on).Status; (Get-Container).Network.Network -join ' '");

        Assert.Empty(result.Error);
        Assert.Equal(["meant used", "0", "Running", "None None"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Container_that_ends_gives_back_what_it_had()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork small -Subnet 10.90.5.0/30; "
            + "Start-Container -Image busybox -Name first -Network small -Publish 8080:80 -Command true | Wait-Container | Out-Null; "
            + "$c = Start-Container -Image busybox -Name second -Network small -Publish 8080:80 -Command sleep, 60; $c.Network.IPAddress");

        Assert.Empty(result.Error);
        Assert.Equal(["10.90.5.2/30"], result.Lines);
        _host.AssertNothingIsLeft();
    }
}
