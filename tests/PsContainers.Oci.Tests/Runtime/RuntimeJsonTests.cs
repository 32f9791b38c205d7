using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Oci.Runtime;
using PsContainers.Oci.Runtime.Reading;

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

    private static RuntimeSpec Read(string json) => RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(json));

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
