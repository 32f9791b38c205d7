using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class ConfigurationTests(TestHost host) : OciTest(host)
{
    public static TheoryData<string, string, string> Contradictions => new()
    {
        { "ociVersion", "\"2.0.0\"", "ociVersion" },
        { "ociVersion", "\"\"", "ociVersion" },
        { "ociVersion", "null", "ociVersion" },
        { "ociVersion", "7", "ociVersion" },
        { "root", "null", "root" },
        { "root.path", "null", "root.path" },
        { "root.path", "\"no/such\"", "no/such" },
        { "process", "null", "process" },
        { "process.args", "[]", "process.args" },
        { "process.args", "[null]", "process.args" },
        { "process.args", "[\"a\\u0000b\"]", "NUL" },
        { "process.args", "\"sh\"", "process.args" },
        { "process.cwd", "\"relative\"", "process.cwd" },
        { "process.cwd", "null", "process.cwd" },
        { "process.env", "[\"A=1\\u0000\"]", "NUL" },
        { "process.user.uid", "-1", "process.user.uid" },
        { "process.capabilities.bounding", "[\"CAP_NONSENSE\"]", "CAP_NONSENSE" },
        { "linux.namespaces", "[{ \"type\": \"nonsense\" }]", "linux.namespaces" },
        { "linux.namespaces", "[{ \"type\": \"mount\" }, { \"type\": \"mount\" }]", "linux.namespaces[1]" },
        { "linux.namespaces", "[{ \"type\": \"pid\" }]", "linux.namespaces" },
        { "linux.namespaces", "[null]", "linux.namespaces" },
        { "linux.uidMappings", "[{ \"containerID\": 0, \"hostID\": 1, \"size\": 1 }]", "linux.uidMappings" },
        { "linux.timeOffsets", "{ \"boottime\": { \"secs\": 1 } }", "linux.timeOffsets" },
        { "linux.cgroupsPath", "\"/../../escape\"", "linux.cgroupsPath" },
        { "linux.resources.memory", "{ \"limit\": \"much\" }", "linux.resources.memory.limit" },
        { "hooks", "{ \"createRuntime\": [{ \"path\": \"x\" }] }", "hooks.createRuntime[0].path" },
        { "mounts", "[{ \"destination\": \"relative\", \"type\": \"tmpfs\" }]", "mounts[0]" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void What_cannot_be_is_named_by_its_field_and_leaves_nothing(string field, string value, string named)
    {
        var parent = Bundle.Config;
        var names = field.Split('.');
        foreach (var name in names[..^1])
        {
            parent = (JsonObject)(parent[name] ??= new JsonObject());
        }

        parent[names[^1]] = JsonNode.Parse(value);

        Assert.Contains(named, Refused(Bundle.Create()), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Configuration_longer_than_any_is_refused()
    {
        Bundle.Write(OciBundle.Id);
        File.WriteAllText(Bundle.In("config.json"), new string(' ', (16 << 20) + 1) + "{}");

        Assert.Contains("larger than", Refused(Bundle.Runtime("create", "-b", Bundle.Folder, OciBundle.Id)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{ \"ociVersion\": \"1.0.0\" } trailing")]
    public void Text_that_is_no_configuration_is_refused(string text)
    {
        File.WriteAllText(Bundle.In("config.json"), text);

        Assert.Contains("config.json", Refused(Bundle.Runtime("create", "-b", Bundle.Folder, OciBundle.Id)), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Nesting_without_an_end_is_refused()
    {
        File.WriteAllText(Bundle.In("config.json"), "{\"annotations\":" + new string('[', 100_000));

        Refused(Bundle.Runtime("create", "-b", Bundle.Folder, OciBundle.Id));
    }

    [Fact]
    public void What_the_specification_does_not_know_is_passed_over()
    {
        Bundle.Config["org.example.future"] = new JsonObject { ["a"] = 1 };
        Bundle.Linux["future"] = true;

        Assert.Equal("x", Bundle.Say("echo x"));
    }

    [Fact]
    public void Folder_in_place_of_the_configuration_is_named()
    {
        Directory.CreateDirectory(Bundle.In("config.json"));

        Assert.Contains("config.json", Refused(Bundle.Runtime("create", "-b", Bundle.Folder, OciBundle.Id)), StringComparison.Ordinal);
    }
}
