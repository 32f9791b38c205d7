using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Cni;

/// <summary>What is refused before anything is changed.</summary>
public sealed class DefinitionTests
{
    [Theory]
    [InlineData("{", "not JSON: line 1")]
    [InlineData("[]", "not an object")]
    [InlineData("""{"cniVersion":"1.0.0","plugins":[{"type":"ok"}]}""", "name: nothing is not a letter or digit")]
    [InlineData("""{"cniVersion":"1.0.0","name":"../x","plugins":[{"type":"ok"}]}""", "name: \"../x\" is not")]
    [InlineData("""{"name":"n","plugins":[{"type":"ok"}]}""", "cniVersion: nothing is not a version from 0.3.0 on")]
    [InlineData("""{"cniVersion":"0.2.0","name":"n","plugins":[{"type":"ok"}]}""", "cniVersion: \"0.2.0\" is not a version from 0.3.0 on")]
    [InlineData("""{"cniVersion":1,"name":"n","plugins":[{"type":"ok"}]}""", "cniVersion: 1 is not a version")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n","plugins":[]}""", "plugins: missing or empty")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n"}""", "plugins: missing or empty")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"ok"},{"type":"../sh"}]}""", "plugins[1]: {\"type")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"ok","ipam":{"type":"/x"}}]}""", "plugins[0]: ")]
    [InlineData("""{"cniVersion":"1.0.0","name":"n","name":"m","plugins":[{"type":"ok"}]}""", "not JSON")]
    public void Configuration_that_is_none_is_refused(string text, string reason)
    {
        using var host = new CniHost();
        host.Script("ok", "");

        var error = Assert.Throws<DriverException>(() => host.Define(host.Write(text)));

        Assert.Contains("10-blue.conflist: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(DriverErrorKind.InvalidRequest, error.Kind);
        Assert.Equal("options.configuration", error.Field);
    }

    [Theory]
    [InlineData("""{"type":"gone"}""", "there is no program gone in ")]
    [InlineData("""{"type":"ok","ipam":{"type":"nobody"}}""", "there is no program nobody in ")]
    [InlineData("""{"type":"dull"}""", "there is no program dull in ")]
    public void Program_that_is_not_there_is_named(string plugin, string reason)
    {
        using var host = new CniHost();
        host.Script("ok", "");
        File.WriteAllText(Path.Combine(host.Programs, "dull"), "not executable");

        var error = Assert.Throws<DriverException>(
            () => host.Define(host.Write($$"""{"cniVersion":"1.0.0","name":"n","plugins":[{{plugin}}]}"""), path: "/nowhere"));

        Assert.Contains(reason + host.Programs, error.Message, StringComparison.Ordinal);
        Assert.Equal(DriverErrorKind.Unavailable, error.Kind);
    }

    [Fact]
    public void Program_that_anybody_could_change_is_not_run()
    {
        using var host = new CniHost();
        host.Script("ok", "");
        File.SetUnixFileMode(Path.Combine(host.Programs, "ok"), (UnixFileMode)0x1ff); // 0777

        var error = Assert.Throws<DriverException>(() => host.Define(Simple(host)));

        Assert.Contains("everybody may write to it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plugins_that_share_no_version_are_refused()
    {
        using var host = new CniHost();
        host.Script("ok", "", versions: "\"0.1.0\",\"0.2.0\",\"1.2.0\"");

        var error = Assert.Throws<DriverException>(() => host.Define(Simple(host)));

        Assert.Contains("ok speak no version of CNI from 0.3.0 to 1.0.0 in common", error.Message, StringComparison.Ordinal);
        Assert.Equal(DriverErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public void What_stands_in_the_configuration_is_not_taken_from_the_network()
    {
        using var host = new CniHost();
        host.Script("ok", "");
        var file = Simple(host);
        (string Field, NetworkDefinition Wanted)[] wishes =
        [
            ("subnets", CniHost.Wanted() with { Subnets = [new() { Subnet = "10.1.0.0/24" }] }),
            ("isInternal", CniHost.Wanted() with { IsInternal = true }),
            ("mtu", CniHost.Wanted() with { Mtu = 1400 }),
            ("vlan", CniHost.Wanted() with { Vlan = 5 }),
        ];

        Assert.All(
            wishes, wish => Assert.Equal(wish.Field, Assert.Throws<DriverException>(() => host.Define(file, wanted: wish.Wanted)).Field));
        Assert.False(host.Define(file).HasNames);
    }

    [Fact]
    public void What_no_plugin_of_the_chain_can_do_is_refused_by_the_plan()
    {
        using var host = new CniHost();
        host.Script("ok", "");
        var request = host.Request(host.Define(Simple(host)));
        (string Field, AttachmentRequest Request)[] wishes =
        [
            ("ports", request with { Ports = [new() { HostPort = 1, ContainerPort = 1 }] }),
            ("macAddress", request with { MacAddress = "02:00:00:00:00:01" }),
            ("addresses", request with { Addresses = ["10.1.1.2/24"] }),
            ("interface", request with { Interface = "a/b" }),
            ("network.options", request with { Network = CniHost.Wanted() }),
        ];

        Assert.All(wishes, wish => Assert.Equal(wish.Field, Assert.Throws<DriverException>(() => host.Driver.Plan(wish.Request)).Field));
        host.Driver.Plan(request);
    }

    [Fact]
    public void Two_networks_do_not_share_a_name_of_cni()
    {
        using var host = new CniHost();
        host.Script("ok", "");
        var network = host.Define(Simple(host));

        var error = Assert.Throws<DriverException>(
            () => host.Driver.Define(network with { Id = new string('b', 64), Name = "other" }, [network]));

        Assert.Contains("network blue has the CNI configuration n already", error.Message, StringComparison.Ordinal);
        Assert.Equal(DriverErrorKind.InUse, error.Kind);
    }

    [Fact]
    public void Unknown_option_and_missing_file_are_refused()
    {
        using var host = new CniHost();
        var odd = CniHost.Wanted() with { Options = new Dictionary<string, string> { ["colour"] = "blue" } };

        Assert.Equal("options.colour", Assert.Throws<DriverException>(() => host.Driver.Define(odd, [])).Field);
        Assert.Contains(
            "needs option configuration", Assert.Throws<DriverException>(() => host.Define(null)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "no such file", Assert.Throws<DriverException>(() => host.Define("/nowhere/x.conf")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "not an absolute path", Assert.Throws<DriverException>(() => host.Define("x.conf")).Message, StringComparison.Ordinal);
    }

    private static string Simple(CniHost host) => host.Write("""{"cniVersion":"1.0.0","name":"n","plugins":[{"type":"ok"}]}""");
}
