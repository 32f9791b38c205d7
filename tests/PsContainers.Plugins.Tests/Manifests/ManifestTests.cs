using System.Text;
using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Tests.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var manifest = Parse(PluginSandbox.AssemblyManifest("blue", changes: [("timeouts", null)]));

        Assert.Equal(30, manifest.Timeouts.Attach);
        Assert.Empty(manifest.Capabilities);
        Assert.Empty(manifest.Environment);
    }

    [Fact]
    public void Every_member_is_read()
    {
        var manifest = Parse(PluginSandbox.ProcessManifest("blue", "run.sh", "streamjsonrpc", [
            ("description", "a driver"),
            ("capabilities", new JsonArray("ports", "upkeep")),
            ("timeouts", new JsonObject { ["start"] = 1.5 }),
            ("environment", new JsonObject { ["A"] = "b" })]));

        Assert.Equal("a driver", manifest.Description);
        Assert.Equal(PluginProtocol.StreamJsonRpc, manifest.Protocol);
        Assert.Equal([DriverCapability.Ports, DriverCapability.Upkeep], manifest.Capabilities);
        Assert.Equal((1.5, 5), (manifest.Timeouts.Start, manifest.Timeouts.Define));
        Assert.Equal("b", manifest.Environment["A"]);
    }

    [Theory]
    [InlineData("name", "\"../up\"", "name", "use 1 to 63 of")]
    [InlineData("name", "\"Blue\"", "name", "use 1 to 63 of")]
    [InlineData("name", null, "name", "missing")]
    [InlineData("version", "\"\"", "version", "use 1 to 64")]
    [InlineData("version", "1", "version", "1 is not a text")]
    [InlineData("contract", "\"2.0\"", "contract", "the plugin speaks 2.0, this engine 1.1")]
    [InlineData("contract", "\"1.2\"", "contract", "the plugin speaks 1.2, this engine 1.1")]
    [InlineData("contract", "\"one\"", "contract", "use a version such as")]
    [InlineData("contract", "\"2.0-1.0\"", "contract", "use a version such as")]
    [InlineData("kinds", "[]", "kinds", "empty")]
    [InlineData("kinds", "[\"network\",\"teapot\"]", "kinds[1]", "unknown kind \"teapot\"")]
    [InlineData("kinds", "[null]", "kinds[0]", "null is not a text")]
    [InlineData("kinds", "\"network\"", "kinds", "is not a list")]
    [InlineData("transport", "\"pigeon\"", "transport", "\"pigeon\" is not one of dotnet, process, cni, docker-volume")]
    [InlineData("transport", "0", "transport", "0 is not one of dotnet, process, cni, docker-volume")]
    [InlineData("protocol", "\"json-lines\"", "protocol", "only with the transport process")]
    [InlineData("entry", "{\"assembly\":\"../x.dll\",\"type\":\"T\"}", "entry.assembly", "no file inside the plugin's folder")]
    [InlineData("entry", "{\"assembly\":\"/x.dll\",\"type\":\"T\"}", "entry.assembly", "no file inside the plugin's folder")]
    [InlineData("entry", "{\"assembly\":\"x.dll\"}", "entry.type", "missing")]
    [InlineData("entry", "{\"assembly\":\"x.dll\",\"type\":\"T\",\"executable\":\"x\"}", "entry.executable", "only with the transport")]
    [InlineData("entry", "{\"assembly\":\"x.dll\",\"tipe\":\"T\"}", "entry.tipe", "unknown member")]
    [InlineData("entry", "{\"assembly\":\"x\",\"type\":\"T\",\"configuration\":\"x\"}", "entry.configuration", "only with")]
    [InlineData("entry", null, "entry.assembly", "missing")]
    [InlineData("transport", "\"cni\"", "entry.assembly", "only with the transport dotnet")]
    [InlineData("capabilities", "[\"flight\"]", "capabilities[0]", "is not one of ports, upkeep, mount")]
    [InlineData("capabilities", "[\"ports\",\"mount\"]", "capabilities[1]", "only with the kind volume")]
    [InlineData("timeouts", "{\"attach\":0}", "timeouts.attach", "0 is not above 0")]
    [InlineData("timeouts", "{\"attach\":601}", "timeouts.attach", "at most 600 seconds")]
    [InlineData("timeouts", "{\"all\":[]}", "timeouts.all", "unknown member")]
    [InlineData("timeouts", "{\"atach\":1}", "timeouts.atach", "unknown member")]
    [InlineData("environment", "{\"A\":\"b\"}", "environment", "only with the transport process")]
    [InlineData("environment", "{\"A=B\":\"b\"}", "environment", "only with the transport process")]
    [InlineData("colour", "\"blue\"", "colour", "unknown member")]
    public void What_is_wrong_is_refused_with_its_field_and_reason(string member, string? value, string field, string reason)
    {
        var manifest = PluginSandbox.AssemblyManifest("blue", changes: [(member, value is null ? null : JsonNode.Parse(value))]);

        var error = Assert.Throws<DriverException>(() => Parse(manifest));

        Assert.StartsWith($"plugin.json of blue: {field}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(field, error.Field);
    }

    [Theory]
    [InlineData("protocol", null, "protocol", "missing")]
    [InlineData("entry", "{\"executable\":\"a/../../b\"}", "entry.executable", "no file inside")]
    [InlineData("entry", "{\"assembly\":\"x.dll\",\"executable\":\"x\"}", "entry.assembly", "only with the transport dotnet")]
    [InlineData("entry", "{\"executable\":\"x\",\"arguments\":[\"a\\u0000\"]}", "entry.arguments[0]", "holds a NUL")]
    [InlineData("environment", "{\"A=B\":\"b\"}", "environment.A=B", "no name of a variable")]
    public void What_is_wrong_of_a_process_is_refused(string member, string? value, string field, string reason)
    {
        var manifest = PluginSandbox.ProcessManifest("blue", "x", changes: [(member, value is null ? null : JsonNode.Parse(value))]);

        var error = Assert.Throws<DriverException>(() => Parse(manifest));

        Assert.Equal(field, error.Field);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", "[\"volume\"]", "[\"mount\"]", null, null)]
    [InlineData("1.1", "[\"network\",\"volume\"]", "[\"ports\",\"mount\"]", null, null)]
    [InlineData("1.0-1.0", "[\"volume\"]", "[]", "kinds[0]", "volumes need contract 1.1, the plugin speaks 1.0-1.0")]
    [InlineData("1.1", "[\"volume\"]", "[\"mount\",\"upkeep\"]", "capabilities[1]", "only with the kind network")]
    public void Plugin_with_volumes_says_what_they_need(string contract, string kinds, string capabilities, string? field, string? reason)
    {
        var manifest = PluginSandbox.AssemblyManifest("blue", changes: [
            ("contract", contract), ("kinds", JsonNode.Parse(kinds)), ("capabilities", JsonNode.Parse(capabilities))]);

        var error = Record.Exception(() => Parse(manifest)) as DriverException;

        Assert.Equal(field, error?.Field);
        Assert.Contains(reason ?? "", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"volume\"]", "{\"socket\":\"/run/x.sock\"}", null)]
    [InlineData("[\"volume\"]", "{\"socket\":\"tcp://127.0.0.1:80\"}", null)]
    [InlineData("[\"volume\",\"network\"]", "{\"socket\":\"/run/x.sock\"}", "kinds[1]: Docker's volume plugins have volumes only")]
    [InlineData("[\"volume\"]", "{}", "entry.socket: missing: the transport is docker-volume")]
    [InlineData("[\"volume\"]", "{\"socket\":\"x.sock\"}",
        "entry.socket: \"x.sock\" is neither an absolute path nor tcp:// with a host and a port")]
    [InlineData("[\"volume\"]", "{\"socket\":\"/run/x.sock\",\"executable\":\"x\"}", "entry.executable: only with the transport process")]
    public void Plugin_of_Docker_says_where_it_listens(string kinds, string entry, string? reason)
    {
        var manifest = PluginSandbox.AssemblyManifest("blue", changes: [
            ("transport", "docker-volume"), ("kinds", JsonNode.Parse(kinds)), ("entry", JsonNode.Parse(entry))]);

        PluginManifest? read = null;
        var error = Record.Exception(() => read = Parse(manifest));

        Assert.Equal(reason is null ? null : "plugin.json of blue: " + reason, error?.Message);
        Assert.Equal(reason is null ? [DriverCapability.Mount] : null, read?.Capabilities);
    }

    [Fact]
    public void Programs_of_CNI_have_no_volumes()
    {
        var manifest = PluginSandbox.AssemblyManifest("blue", changes: [
            ("transport", "cni"), ("entry", null), ("kinds", new JsonArray("network", "volume"))]);

        Assert.Equal("kinds[1]", Assert.Throws<DriverException>(() => Parse(manifest)).Field);
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{")]
    [InlineData("")]
    public void What_is_not_JSON_is_refused(string text)
    {
        var error = Assert.Throws<DriverException>(() => ManifestReader.Parse(Encoding.UTF8.GetBytes(text), "folder"));

        Assert.StartsWith("plugin.json of folder: not JSON: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", "1.0", "1.0")]
    [InlineData("1.0", "1.7", "1.7")]
    [InlineData("1.0-1.3", "1.7", "1.3")]
    [InlineData("1.8", "1.7", null)]
    [InlineData("1.0-2.5", "2.0", "2.0")]
    [InlineData("1.0-1.9", "2.0", null)]
    [InlineData("2.0", "1.9", null)]
    public void The_highest_common_version_is_spoken(string range, string engine, string? spoken)
    {
        var common = ContractRange.TryParse(range)!.Value.CommonWith(ContractVersion.TryParse(engine)!.Value);

        Assert.Equal(spoken, common?.ToString());
    }

    private static PluginManifest Parse(JsonObject manifest) =>
        ManifestReader.Parse(Encoding.UTF8.GetBytes(manifest.ToJsonString()), "blue");
}
