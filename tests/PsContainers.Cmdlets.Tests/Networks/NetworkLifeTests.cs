namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>Networks without a container on them.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class NetworkLifeTests
{
    private readonly NetworkHost _host;

    public NetworkLifeTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
    }

    [Fact]
    public void Network_has_what_was_asked_for_and_what_the_driver_chose()
    {
        var result = _host.Command(
            "$n = New-ContainerNetwork life -Subnet 10.90.5.0/24, fd00:5::/64 -Gateway 10.90.5.254 -Range 10.90.5.128/25 "
            + "-Internal -Mtu 1400 -Interface psc-life -Option @{ icc = 'false' } -Label team=web, only; "
            + "$n.Name, $n.Driver, \"$($n.Subnet.Subnet)\", \"$($n.Subnet.Gateway)\", $n.Subnet[0].Range, $n.Internal, $n.Names, $n.Mtu, "
            + "$n.Interface, $n.Option.icc, $n.Label.team, \"[$($n.Label.only)]\", $n.Id.Length");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "life", "bridge", "10.90.5.0/24 fd00:5::/64", "10.90.5.254 fd00:5::1", "10.90.5.128/25", "True", "True", "1400",
                "psc-life", "false", "web", "[]", "64",
            ],
            result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Networks_that_ask_for_no_subnet_get_different_ones()
    {
        var result = _host.Command("'a', 'b', 'c' | New-ContainerNetwork | ForEach-Object { $_.Subnet.Subnet }");

        Assert.Equal(3, result.Lines.Distinct().Count());
        Assert.All(result.Lines, subnet => Assert.Matches(@"^10\.9\d\.\d+\.0/24$", subnet));
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Networks_are_found_by_name_pattern_id_and_driver()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork front, back, other; (Get-ContainerNetwork f*, b?ck).Name; '-'; "
            + "$id = (Get-ContainerNetwork other).Id; (Get-ContainerNetwork $id.Substring(0, 12)).Name; '-'; "
            + "(Get-ContainerNetwork FRON*).Name; '-'; (Get-ContainerNetwork -Driver br*).Count; "
            + "(Get-ContainerNetwork -Driver none*).Count; "
            + "(Get-ContainerNetwork nobody*).Count");

        Assert.Empty(result.Error);
        Assert.Equal(["front", "back", "-", "other", "-", "front", "-", "3", "0", "0"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Default_network_is_there_when_it_is_asked_for()
    {
        var result = _host.Command("(Get-ContainerNetwork).Count; $n = Get-ContainerNetwork bridge; $n.Interface, \"$($n.Subnet)\"");

        Assert.Equal(["0", "psc0", "10.90.0.0/16"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Settings_are_changed_and_labels_replaced()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork life -Label @{ a = 1 }; "
            + "$n = Set-ContainerNetwork life -Internal $true -Names $false -Mtu 1300 "
            + "-Option @{ icc = 'false' } -Label @{ b = 2 } -PassThru; "
            + "$n.Internal, $n.Names, $n.Mtu, \"$($n.Option.Keys)\", \"$($n.Label.Keys)\"; "
            + "Get-ContainerNetwork life | Set-ContainerNetwork -Internal $false; (Get-ContainerNetwork life).Internal");

        Assert.Empty(result.Error);
        Assert.Equal(["True", "False", "1300", "icc", "b", "False"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Networks_flow_into_their_removal()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork r1, r2, stays; Get-ContainerNetwork r? | Remove-ContainerNetwork; (Get-ContainerNetwork).Name; "
            + "Remove-ContainerNetwork s*; (Get-ContainerNetwork).Count");

        Assert.Empty(result.Error);
        Assert.Equal(["stays", "0"], result.Lines);
    }

    [Fact]
    public void What_if_changes_nothing()
    {
        var result = _host.Command(
            "New-ContainerNetwork wish -WhatIf; $null = New-ContainerNetwork real; Set-ContainerNetwork real -Internal $true -WhatIf; "
            + "Remove-ContainerNetwork real -WhatIf; Remove-ContainerNetwork -Unused -WhatIf; "
            + "Connect-ContainerNetwork real nobody -WhatIf; "
            + "Disconnect-ContainerNetwork real nobody -WhatIf; Get-ContainerNetwork | ForEach-Object { \"$($_.Name) $($_.Internal)\" }");

        Assert.Empty(result.Error);
        Assert.Equal("real False", result.Lines[^1]);
        Assert.Equal(7, result.Lines.Length);
        Assert.All(result.Lines[..6], line => Assert.StartsWith("What if: ", line, StringComparison.Ordinal));
        _host.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("Get-ContainerNetwork nobody", "NetworkNotFound")]
    [InlineData("Remove-ContainerNetwork nobody", "NetworkNotFound")]
    [InlineData("Set-ContainerNetwork nobody -Internal $true", "NetworkNotFound")]
    [InlineData("Repair-ContainerNetwork nobody", "NetworkNotFound")]
    [InlineData("Connect-ContainerNetwork nobody nobody", "NetworkNotFound")]
    [InlineData("New-ContainerNetwork taken", "NetworkNameInUse")]
    [InlineData("New-ContainerNetwork host", "NetworkNameInvalid")]
    [InlineData("New-ContainerNetwork 'a b'", "NetworkNameInvalid")]
    [InlineData("New-ContainerNetwork a -Driver nobody", "NetworkDriverNotFound")]
    [InlineData("New-ContainerNetwork a -Subnet 10.90.5.1/24", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Subnet 10.90.5.0/24 -Gateway 10.91.0.1", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Subnet 10.90.5.0/24 -Range 10.90.5.9-10.90.5.3", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Subnet 10.90.7.0/25", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Option @{ unknown = 1 }", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Interface a-name-of-16-let", "NetworkInvalid")]
    [InlineData("New-ContainerNetwork a -Mtu 3", "NetworkInvalid")]
    public void Failure_has_an_id(string script, string id)
    {
        var result = _host.Command(
            $"$null = New-ContainerNetwork taken -Subnet 10.90.7.0/24; {script} -ErrorVariable failed -ErrorAction SilentlyContinue; "
            + "\"$($failed.Count) $($failed[0].FullyQualifiedErrorId.Split(',')[0])\"; (Get-ContainerNetwork).Name");

        Assert.Equal([$"1 {id}", "taken"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Names_and_drivers_are_completed()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork complete-me; $type = [System.Management.Automation.CommandCompletion]; "
            + "'Get-ContainerNetwork compl', 'Connect-ContainerNetwork compl', 'New-Container busybox -Network compl', "
            + "'New-Container busybox -Network no', 'New-Container busybox -Network bri', 'New-ContainerNetwork a -Driver br', "
            + "'Get-ContainerPlugin br' | ForEach-Object { \"$($type::CompleteInput($_, $_.Length, "
            + "$null).CompletionMatches.CompletionText)\" }");

        Assert.Equal(["complete-me", "complete-me", "complete-me", "None", "bridge", "bridge", "bridge"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Table_shows_name_driver_subnets_and_containers()
    {
        var result = _host.Command("New-ContainerNetwork shown -Subnet 10.90.5.0/24, fd00:5::/64 -Internal | Out-String -Width 80");

        Assert.Matches(@"Name +Driver +Subnet +Internal +Containers\n-", result.Output);
        Assert.Matches(@"\nshown +bridge +10\.90\.5\.0/24 +True *\n +fd00:5::/64", result.Output);
        Assert.All(result.Lines, line => Assert.True(line.Length <= 80, line));
        _host.AssertNothingIsLeft();
    }
}
