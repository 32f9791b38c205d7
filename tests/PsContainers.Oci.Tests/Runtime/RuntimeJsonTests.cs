using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Oci.Runtime;

namespace PsContainers.Oci.Tests.Runtime;

public sealed class RuntimeJsonTests
{
    [Fact]
    public void Every_member_of_the_specification_survives_reading_and_writing() => AssertSurvives(FullSpec.Json);

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public void What_another_runtime_writes_survives_reading_and_writing(string runtime)
    {
        var directory = Directory.CreateTempSubdirectory("runtime-json-");
        try
        {
            Assert.SkipUnless(WritesSpec(runtime, directory.FullName), $"{runtime} is missing on this machine");

            AssertSurvives(File.ReadAllText(Path.Combine(directory.FullName, "config.json")));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Unknown_members_are_passed_over()
    {
        var spec = Read("""{ "ociVersion": "1.9.0", "future": { "a": 1 }, "windows": {}, "linux": { "other": [] } }""");

        Assert.Equal("1.9.0", spec.OciVersion);
    }

    [Theory]
    [InlineData("""{ }""", "ociVersion")]
    [InlineData("""{ "ociVersion": null }""", "ociVersion")]
    [InlineData("""{ "ociVersion": "1.3.0", "process": { "cwd": "/" } }""", "user")]
    [InlineData("""{ "ociVersion": "1.3.0", "root": { } }""", "path")]
    [InlineData("""{ "ociVersion": "1.3.0", "mounts": [ { "type": "proc" } ] }""", "destination")]
    [InlineData("""{ "ociVersion": "1.3.0", "linux": { "namespaces": [ { "type": "moon" } ] } }""", "$.linux.namespaces[0].type")]
    [InlineData("""{ "ociVersion": "1.3.0", "linux": { "namespaces": [ { "type": 1 } ] } }""", "$.linux.namespaces[0].type")]
    [InlineData("""{ "ociVersion": "1.3.0", "linux": { "seccomp": { "defaultAction": "HOPE" } } }""", "$.linux.seccomp.defaultAction")]
    [InlineData("""{ "ociVersion": "1.3.0", "process": { "user": { "uid": -1 }, "cwd": "/" } }""", "$.process.user.uid")]
    [InlineData("""{ "ociVersion": "1.3.0" """, "$")]
    public void A_document_that_is_wrong_is_refused_and_the_place_named(string json, string place) =>
        Assert.Contains(place, Assert.Throws<JsonException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static RuntimeSpec Read(string json) => JsonSerializer.Deserialize(json, RuntimeJson.Default.RuntimeSpec)!;

    private static void AssertSurvives(string json)
    {
        var written = JsonSerializer.Serialize(Read(json), RuntimeJson.Default.RuntimeSpec);

        AssertContains(JsonNode.Parse(written), JsonNode.Parse(json)!, "$");
    }

    // What is written may say more (a false where the original said nothing), never less and nothing else.
    private static void AssertContains(JsonNode? actual, JsonNode expected, string path)
    {
        Assert.True(actual is not null, $"{path} is lost");
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    AssertContains(actual[name], value!, $"{path}.{name}");
                }

                break;
            case JsonArray elements:
                Assert.Equal(elements.Count, actual.AsArray().Count);
                for (var i = 0; i < elements.Count; i++)
                {
                    AssertContains(actual[i], elements[i]!, $"{path}[{i}]");
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path} is {actual} instead of {expected}");
                break;
        }
    }

    private static bool WritesSpec(string runtime, string directory)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["spec"]) { WorkingDirectory = directory })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
