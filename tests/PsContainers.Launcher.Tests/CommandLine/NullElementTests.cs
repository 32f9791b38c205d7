using System.Text;
using PsContainers.Launcher.CommandLine;
using PsContainers.Runtime;

namespace PsContainers.Launcher.Tests.CommandLine;

public sealed class NullElementTests
{
    [Theory]
    [InlineData("""{ "linux": { "namespaces": [{ "type": "pid" }, null] } }""", "linux.namespaces[1]")]
    [InlineData("""{ "hooks": { "poststop": [{ "path": "/x", "args": ["a", "b", null] }] } }""", "hooks.poststop[0].args[2]")]
    public void Null_in_a_list_is_named_by_its_place(string json, string place) => Assert.StartsWith(
        place,
        Assert.Throws<InvalidSettingException>(() => NullElement.Refuse(Encoding.UTF8.GetBytes(json))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "linux": null, "a": [1, [], {}], "b": { "c": null } }""")]
    [InlineData("{}")]
    public void Null_as_a_value_is_not_its_business(string json) => NullElement.Refuse(Encoding.UTF8.GetBytes(json));
}
