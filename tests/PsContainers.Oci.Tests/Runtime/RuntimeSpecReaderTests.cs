using System.Text;
using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;

namespace PsContainers.Oci.Tests.Runtime;

public sealed class RuntimeSpecReaderTests
{
    [Theory]
    [InlineData("""{ }""", "ociVersion is missing")]
    [InlineData("""{ "ociVersion": null }""", "ociVersion is null, not a text")]
    [InlineData("""[]""", "the document is a list, not an object")]
    [InlineData("""null""", "the document is null, not an object")]
    [InlineData("""{ "ociVersion": "1.3.0", "process": { "cwd": "/" } }""", "process.user is missing")]
    [InlineData("""{ "ociVersion": "1.3.0", "root": { } }""", "root.path is missing")]
    [InlineData("""{ "ociVersion": "1.3.0", "mounts": [ { "type": "proc" } ] }""", "mounts[0].destination is missing")]
    [InlineData("""{ "linux": { "namespaces": [ { "type": "moon" } ] } }""", "linux.namespaces[0].type is 'moon', not pid, network")]
    [InlineData("""{ "linux": { "namespaces": [ { "type": 1 } ] } }""", "linux.namespaces[0].type is 1, not a text")]
    [InlineData("""{ "linux": { "namespaces": [ { "type": "pid" }, null ] } }""", "linux.namespaces[1] is null, not an object")]
    [InlineData("""{ "linux": { "seccomp": { "defaultAction": "HOPE" } } }""", "linux.seccomp.defaultAction is 'HOPE', not an action")]
    [InlineData("""{ "linux": { "timeOffsets": { "boottime": null } } }""", "linux.timeOffsets.boottime is null, not an object")]
    [InlineData("""{ "hooks": { "poststop": [ { "path": "/x", "args": ["a", null] } ] } }""", "hooks.poststop[0].args[1] is null")]
    [InlineData("""{ "process": { "user": { "uid": -1 } } }""", "process.user.uid is -1, not a whole number from 0 to 4294967295")]
    [InlineData("""{ "process": { "user": { "uid": 1.5 }, "cwd": "/" } }""", "process.user.uid is 1.5, not a whole number")]
    [InlineData("""{ "process": { "terminal": "yes" } }""", "process.terminal is 'yes', not true or false")]
    [InlineData("""{ "hostname": "\ud800" }""", "hostname has bytes that are no UTF-8")]
    [InlineData("""{ "ociVersion": "1.3.0" """, "BytePositionInLine")]
    [InlineData("""{ "ociVersion": "1.3.0" } {}""", "BytePositionInLine")]
    [InlineData("", "JSON")]
    public void A_document_that_is_wrong_is_refused_and_the_place_named(string json, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<JsonException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_nested_beyond_reason_is_refused() =>
        Assert.ThrowsAny<JsonException>(() => Read($$"""{ "future": {{new string('[', 100_000)}} """));

    [Theory]
    [InlineData("""{ "process": { "terminal": "AAA" } }""")]
    [InlineData("""{ "annotations": { "AAA": 1 } }""")]
    public void What_is_quoted_of_an_over_long_document_is_short(string json)
    {
        var overlong = json.Replace("AAA", new string('A', 1 << 20), StringComparison.Ordinal);

        var message = Assert.ThrowsAny<JsonException>(() => Read(overlong)).Message;

        Assert.Contains("AAA…", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 200);
    }

    [Fact]
    public void Null_counts_as_a_field_that_is_not_there()
    {
        var spec = Read("""{ "ociVersion": "1", "linux": null, "process": { "user": {}, "cwd": "/", "terminal": null, "args": null } }""");

        Assert.Null(spec.Linux);
        Assert.False(spec.Process!.Terminal);
        Assert.Null(spec.Process.Args);
    }

    [Fact]
    public void The_last_of_two_fields_of_one_name_counts() =>
        Assert.Equal("b", Read("""{ "ociVersion": "1.3.0", "hostname": "a", "hostname": "b" }""").Hostname);

    [Fact]
    public void Every_word_that_the_writer_knows_is_read()
    {
        foreach (var type in Enum.GetValues<LinuxNamespaceType>())
        {
            AssertSame(new LinuxSpec { Namespaces = [new LinuxNamespace(type)] }, linux => linux.Namespaces![0].Type);
        }

        foreach (var action in Enum.GetValues<SeccompAction>())
        {
            AssertSame(new LinuxSpec { Seccomp = new LinuxSeccomp { DefaultAction = action } }, linux => linux.Seccomp!.DefaultAction);
        }

        foreach (var op in Enum.GetValues<SeccompOperator>())
        {
            var call = new LinuxSyscall { Names = ["read"], Action = SeccompAction.Allow, Args = [new LinuxSeccompArg(0, 1, op)] };
            AssertSame(
                new LinuxSpec { Seccomp = new LinuxSeccomp { DefaultAction = SeccompAction.Errno, Syscalls = [call] } },
                linux => linux.Seccomp!.Syscalls![0].Args![0].Op);
        }
    }

    private static void AssertSame<T>(LinuxSpec linux, Func<LinuxSpec, T> part)
    {
        var spec = new RuntimeSpec { OciVersion = RuntimeSpec.Version, Linux = linux };
        var written = JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Default.RuntimeSpec);

        Assert.Equal(part(linux), part(RuntimeSpecReader.Read(written).Linux!));
    }

    private static RuntimeSpec Read(string json) => RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(json));
}
