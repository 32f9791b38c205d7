namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>Ports of the host: how they are asked for, and that they lead to the container.</summary>
[Collection(nameof(OneNetworkHost))]
public sealed class PublishTests
{
    // A server that says its name, in a container that has only busybox.
    private const string Server = "-Command sh, -c, 'busybox mkdir /www; hostname > /www/name; exec busybox httpd -f -p 80 -h /www'";
    private const string Ask = "function Ask($url) { for ($i = 0; $i -lt 50; $i++) { "
        + "$a = & /bin/busybox timeout 2 /bin/busybox wget -q -O - $url 2> $null; "
        + "if ($a) { return $a }; Start-Sleep -Milliseconds 100 }; 'nobody' }; ";

    private readonly NetworkHost _host;

    public PublishTests(NetworkHost host)
    {
        _host = host;
        Assert.SkipUnless(NetworkHost.IsPossible, NetworkHost.Need);
        _host.Begin();
    }

    [Theory]
    [InlineData("'8080:80'", "8080:80")]
    [InlineData("8080", "8080")]
    [InlineData("80, 8443:443, '53:53/udp'", "80", "8443:443", "53:53/udp")]
    [InlineData("8000-8002:80-82", "8000:80", "8001:81", "8002:82")]
    [InlineData("'[::]:8080:80'", "[::]:8080:80")]
    [InlineData("'127.0.0.1::80'", "127.0.0.1::80")]
    [InlineData("127.0.0.1:8080:80/udp", "127.0.0.1:8080:80/udp")]
    [InlineData("@{ HostPort = 8080; ContainerPort = 80; Protocol = 'UDP'; HostAddress = '127.0.0.1' }", "127.0.0.1:8080:80/udp")]
    [InlineData("@{ containerport = '80' }, 8081:81", "80", "8081:81")]
    [InlineData("@{ ContainerPort = 80; HostPort = 8080; HostAddress = '0:0:0:0:0:0:0:1' }", "[::1]:8080:80")]
    [InlineData("(New-Container busybox -Name source -Publish 8080:80, 81 -Command true).Port", "8080:80", "81")]
    public void Port_is_bound_in_every_notation(string value, params string[] expected)
    {
        var result = _host.Command(
            $"$c = New-Container busybox -Name bound -Publish {value} -Command true; $c.Port | ForEach-Object {{ \"$_\" }}; "
            + "(Get-ContainerPort bound).Count; Get-Container | Remove-Container");

        Assert.Empty(result.Error);
        Assert.Equal([.. expected, $"{expected.Length}"], result.Lines);
    }

    [Theory]
    [InlineData("http", "'http' is not a number from 1 to 65535")]
    [InlineData("0", "'0' is not a number from 1 to 65535")]
    [InlineData("70000:80", "'70000' is not a number from 1 to 65535")]
    [InlineData("80/icmp", "the protocol 'icmp' is none of tcp, udp, sctp")]
    [InlineData("web:80:80", "'web' is not an IP address")]
    [InlineData("8000-8001:80", "2 ports of the host and 1 of the container")]
    [InlineData("@{ HostPort = 80 }", "a hashtable for a port needs ContainerPort")]
    [InlineData("@{ Port = 80 }", "'Port' is none of HostAddress, HostPort, ContainerPort, Protocol")]
    [InlineData("@{ ContainerPort = 'x' }", "\"x\"")]
    [InlineData("$null, 80", "a port cannot be nothing")]
    public void Nonsense_is_refused_before_anything_is_made(string value, string cause)
    {
        var result = _host.Command(
            $"try {{ New-Container busybox -Name wrong -Publish {value} -Command true }} catch {{ $_.FullyQualifiedErrorId; \"$_\" }}; "
            + "Get-Container wrong*");

        Assert.Equal("ParameterArgumentTransformationError,PsContainers.Cmdlets.Containers.NewContainerCommand", result.Lines[0]);
        Assert.Contains(cause, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Created", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Publish 8080:80, 127.0.0.1:8080:81")]
    [InlineData("-Publish 8080:80 -Network None")]
    [InlineData("-Publish 8080:80 -Network Host")]
    [InlineData("-Publish @{ ContainerPort = 80; HostAddress = 'here' }")]
    [InlineData("-Publish @{ ContainerPort = 80; Protocol = 'icmp' }")]
    public void Port_that_cannot_be_published_is_an_error_with_an_id(string parameters)
    {
        Assert.Equal(["InvalidPort"], _host.Errors($"New-Container busybox -Name wrong -Command true {parameters}"));
        Assert.Empty(_host.Command("Get-Container wrong*").Output);
    }

    [Fact]
    public void Published_port_is_reached_from_the_host_at_every_address()
    {
        var result = _host.Command(
            Ask + $"$c = Start-Container -Image busybox -Name web -Hostname web -p 8080:80, '127.0.0.1::80' {Server}; "
            + "$port = (Get-ContainerPort web)[1].HostPort; $port -gt 0; Ask http://127.0.0.1:8080/name; Ask http://127.0.0.1:$port/name; "
            + "Ask \"http://$($c.Network.Gateway):8080/name\"; "
            + "(Get-Container web | Get-ContainerPort).Display[0]; Stop-Container web -Timeout 0; "
            + "(Ask http://127.0.0.1:8080/name); (Get-ContainerPort web | ForEach-Object { \"$_\" }) -join ' '");

        Assert.Empty(result.Error);
        Assert.Equal(
            ["True", "web", "web", "web", "*:8080 -> 80/tcp", "nobody", "8080:80 127.0.0.1::80"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Port_that_somebody_has_is_in_use_and_nothing_is_left_of_the_second()
    {
        var result = _host.Command(
            "$null = Start-Container -Image busybox -Name first -Publish 8080:80 -Command sleep, 60; "
            + "Start-Container -Image busybox -Name second -Publish 127.0.0.1:8080:80 -Command sleep, 60 -ErrorVariable e 2> $null; "
            + "$e[0].FullyQualifiedErrorId.Split(',')[0]; $e[0].CategoryInfo.Category; \"$($e[0])\"; (Get-Container).Name; "
            + "(Get-ContainerNetwork bridge).Container");

        Assert.Equal(
            ["PortInUse", "ResourceBusy", "port 8080/tcp of 127.0.0.1 is in use by the container 'first'", "first", "first"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Ports_are_changed_while_the_container_runs()
    {
        var result = _host.Command(
            Ask + $"$null = Start-Container -Image busybox -Name web -Hostname web -Publish 8080:80 {Server}; "
            + $"Ask http://127.0.0.1:8080/name; "
            + "(Set-Container web -Publish 8081:80 -PassThru).Port | ForEach-Object { \"$_\" }; Ask http://127.0.0.1:8081/name; "
            + "Ask http://127.0.0.1:8080/name; Set-Container web -Publish @(); (Get-ContainerPort web).Count; "
            + "Ask http://127.0.0.1:8081/name");

        Assert.Empty(result.Error);
        Assert.Equal(["web", "8081:80", "web", "nobody", "0", "nobody"], result.Lines);
        _host.AssertNothingIsLeft();
    }

    [Fact]
    public void Change_of_ports_that_fails_leaves_those_that_there_were()
    {
        var result = _host.Command(
            Ask + $"$null = Start-Container -Image busybox -Name web -Hostname web -Publish 8080:80 {Server}; "
            + "$null = Start-Container -Image busybox -Name other -Publish 9090:80 -Command sleep, 60; "
            + "Set-Container web -Publish 8081:80, 9090:81 -ErrorVariable e 2> $null; $e[0].FullyQualifiedErrorId.Split(',')[0]; "
            + "Get-ContainerPort web | ForEach-Object { \"$_\" }; Ask http://127.0.0.1:8080/name; Ask http://127.0.0.1:8081/name");

        Assert.Equal(["PortInUse", "8080:80", "web", "nobody"], result.Lines);
        _host.AssertNothingIsLeft();
    }
}
