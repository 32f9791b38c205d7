namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>Which networks a container is on, and what it knows of them.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class SelectionTests
{
    private const string Links = "-Command sh, -c, 'busybox ip -o link | busybox cut -d \" \" -f 2 | busybox cut -d @ -f 1'";

    private readonly NetworkHost _host;

    public SelectionTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
    }

    [Fact]
    public void Container_that_asks_for_nothing_is_on_the_default_network()
    {
        var result = _host.Command(
            $"Invoke-Container busybox -Remove {Links}; $c = New-Container busybox -Name asks -Command true; \"$($c.Network)\"; "
            + "(Get-ContainerNetwork).Name");

        Assert.Equal(["lo:", "eth0", "bridge", "bridge"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("None", "None")]
    [InlineData("Host", "Host")]
    [InlineData("back", "back")]
    [InlineData("back, front", "back", "front")]
    [InlineData("(Get-ContainerNetwork back).Id.Substring(0, 12)", "back")]
    [InlineData("(Get-ContainerNetwork back)", "back")]
    [InlineData("@{ Network = 'back'; IPAddress = '10.90.5.9'; Alias = 'a', 'b' }, front", "back", "front")]
    [InlineData("@{ name = 'back'; interface = 'wan' }", "back")]
    [InlineData("Container:other", "Container:other")]
    [InlineData("Ns:/proc/1/ns/net", "Ns:/proc/1/ns/net")]
    [InlineData("(Get-Container two).Network", "front", "back")]
    public void Network_is_bound_in_every_form(string value, params string[] expected)
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; $null = New-ContainerNetwork front; "
            + "$null = New-Container busybox -Name other -Command true; "
            + "$null = New-Container busybox -Name two -Network front, back -Command true; "
            + $"(New-Container busybox -Name bound -Network {value} -Command true).Network.Network");

        Assert.Empty(result.Error);
        Assert.Equal(expected, result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("-Network nobody", "NetworkNotFound")]
    [InlineData("-Network Container:nobody", "ContainerNotFound")]
    [InlineData("-Network back, back", "InvalidNetwork")]
    [InlineData("-Network back, (Get-ContainerNetwork back).Id", "InvalidNetwork")]
    [InlineData("-Network back, None", "InvalidNetwork")]
    [InlineData("-Network Ns:blue", "InvalidNetwork")]
    [InlineData("-Network None -IPAddress 10.90.5.5", "InvalidNetwork")]
    [InlineData("-Network back -IPAddress nowhere", "InvalidNetwork")]
    [InlineData("-Network back -MacAddress 01:00:00:00:00:00", "InvalidNetwork")]
    [InlineData("-Network back -NetworkAlias 'a b'", "InvalidNetwork")]
    [InlineData("-Network back -Dns dns.example", "InvalidDns")]
    [InlineData("-Network back -AddHost 'db:nowhere'", "InvalidDns")]
    public void Wish_that_makes_no_sense_is_an_error_with_an_id(string parameters, string id)
    {
        Assert.Equal([id], _host.Errors(
            $"$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; New-Container busybox -Name wrong -Command true {parameters}"));
        Assert.Empty(_host.Command("Get-Container").Output);
        _host.AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("-IPAddress 10.90.5.2", "AddressInUse")]
    [InlineData("-IPAddress 10.90.5.1", "NetworkInvalid")]
    [InlineData("-IPAddress 10.91.0.9", "NetworkInvalid")]
    [InlineData("", "AddressesExhausted")]
    public void Address_that_cannot_be_had_is_an_error_with_an_id_and_leaves_nothing(string parameters, string id)
    {
        var errors = _host.Errors(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/30; "
            + "$null = Start-Container -Image busybox -Name first -Network back -Command sleep, 60; "
            + $"Start-Container -Image busybox -Name second -Network back {parameters} -Command sleep, 60");

        Assert.Equal([id], errors);
        Assert.Equal(["first"], _host.Command("(Get-Container).Name").Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Hashtable_gives_each_network_its_own_address_name_and_link()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; $null = New-ContainerNetwork front -Subnet 10.90.6.0/24, fd00:6::/64; "
            + "$c = Start-Container -Image busybox -Name two -Command sleep, 60 -Network "
            + "@{ Network = 'front'; Interface = 'wan'; MacAddress = '02:42:00:00:00:09' }, @{ Network = 'back'; "
            + "IPAddress = '10.90.5.77' }; "
            + "$c.Network | ForEach-Object { \"$($_.Network) $($_.Interface) $($_.IPAddress) $($_.Gateway)\" }; $c.Network[0].MacAddress; "
            + "Invoke-ContainerCommand two busybox, ip, route, show, default");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "front wan 10.90.6.2/24 fd00:6::2/64 10.90.6.1 fd00:6::1", "back eth0 10.90.5.77/24 10.90.5.1", "02:42:00:00:00:09",
            ],
            result.Lines[..3]);
        Assert.StartsWith("default via 10.90.6.1 dev wan", result.Lines[3], StringComparison.Ordinal);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Environment_names_another_default()
    {
        var result = _host.Command(
            "$env:PSCONTAINERS_NETWORK = 'None'; (New-Container busybox -Command true).Network.Network; "
            + "$null = New-ContainerNetwork usual; $env:PSCONTAINERS_NETWORK = 'usual'; "
            + "(New-Container busybox -Command true).Network.Network; "
            + "(New-Container busybox -NetworkAlias web -Command true).Network.Network; "
            + "(New-Container busybox -Network Host -Command true).Network.Network");

        Assert.Equal(["None", "usual", "usual", "Host"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Container_shares_the_network_of_another_one_or_of_a_path()
    {
        var result = _host.Command(
            "$null = Start-Container -Image busybox -Name owner -Hostname owner -Command sleep, 60; "
            + "$address = (Get-Container owner).Network.IPAddress; "
            + "$seen = Invoke-Container busybox -Network Container:owner -Remove -Command busybox, ip, -o, address, show, eth0; "
            + "[bool] ($seen -match [regex]::Escape($address)); "
            + $"Invoke-Container busybox -Network \"Ns:/proc/$((Get-Container owner).ProcessId)/ns/net\" -Remove {Links}");

        Assert.Empty(result.Error);
        Assert.Equal(["True", "lo:", "eth0"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Hosts_file_has_the_container_and_what_was_added()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork back -Subnet 10.90.5.0/24; "
            + "Invoke-Container busybox -Remove -Name web -Hostname box -Network back "
            + "-AddHost 'gate:host-gateway', 'db:10.1.2.3', 'v6:[fd00::9]' -Command cat, /etc/hosts; "
            + "Invoke-Container busybox -Remove -Network back -AddHost @{ db = '10.1.2.3' } -Command grep, -w, db, /etc/hosts");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "10.90.5.1\tgate", "10.1.2.3\tdb", "fd00::9\tv6",
                "10.90.5.2\tbox web", "10.1.2.3\tdb",
            ],
            result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Name_servers_are_the_networks_own_or_those_that_were_given()
    {
        var result = _host.Command(
            "$null = New-ContainerNetwork named -Subnet 10.90.5.0/24; $null = New-ContainerNetwork plain -NoName; "
            + "$show = @{ Remove = $true; Command = 'cat', '/etc/resolv.conf' }; Invoke-Container busybox -Network named @show; '-'; "
            + "Invoke-Container busybox -Network plain @show; '-'; "
            + "Invoke-Container busybox -Network plain -Dns 192.0.2.1, 192.0.2.2 -DnsSearch a.example, "
            + "b.example -DnsOption ndots:2 @show; '-'; "
            + "Invoke-Container busybox -Network plain -DnsSearch . @show; '-'; (Invoke-Container busybox -Network None @show).Count");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "nameserver 10.90.5.1", "search host.example", "options ndots:0", "-",
                $"nameserver {NetworkHost.NameServer}", "search host.example", "-",
                "nameserver 192.0.2.1", "nameserver 192.0.2.2", "search a.example b.example", "options ndots:2", "-",
                $"nameserver {NetworkHost.NameServer}", "-", "0",
            ],
            result.Lines);
        _host.AssertNothingIsLeft();
    }
}
