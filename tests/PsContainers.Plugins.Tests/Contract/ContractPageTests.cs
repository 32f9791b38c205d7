using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;
using PsContainers.Plugins.Processes;
using PsContainers.Plugins.Tests.Conformance;

namespace PsContainers.Plugins.Tests.Contract;

/// <summary>What the page shows is what the host sends and takes.</summary>
public sealed class ContractPageTests
{
    [Fact]
    public void The_drivers_on_the_page_have_a_plugin_json_that_is_right()
    {
        var examples = ContractPage.Examples("json plugin.json");

        var names = examples.Select(text => ManifestReader.Parse(Encoding.UTF8.GetBytes(text), "page").Name);
        Assert.Equal(["pocket", "shelf", "lan", "routed", "blue", "nas"], names);
    }

    [Fact]
    public void Hello_is_as_on_the_page()
    {
        AssertExample("hello.params", MessageJson.Default.HelloQuestion);
        var answer = AssertExample("hello.result", MessageJson.Default.HelloAnswer);

        Assert.Equal(ContractVersion.Engine.ToString(), answer.Contract);
    }

    [Fact]
    public void Define_is_as_on_the_page()
    {
        var (question, answer) = AssertExamples(NetworkMethods.Define);

        Assert.Null(AnswerCheck.Define(question.Wanted, answer));
    }

    [Fact]
    public void Plan_is_as_on_the_page()
    {
        var (question, answer) = AssertExamples(NetworkMethods.Plan);

        Assert.Null(AnswerCheck.Plan(question.Request, answer));
    }

    [Fact]
    public void Attach_is_as_on_the_page()
    {
        var (question, answer) = AssertExamples(NetworkMethods.Attach);

        Assert.Null(AnswerCheck.Attach(question.Plan.Request, answer));
    }

    [Fact]
    public void Volumes_are_as_on_the_page()
    {
        var (question, defined) = AssertExamples(VolumeMethods.Define);
        Assert.Null(VolumeCheck.Define(question.Wanted, defined));
        Assert.Null(VolumeCheck.Create(AssertExamples(VolumeMethods.Create).Answer, hasMounts: true));
        Assert.Null(VolumeCheck.Mount(AssertExamples(VolumeMethods.Mount).Answer));
        AssertExamples(VolumeMethods.Remove);
        AssertExamples(VolumeMethods.Unmount);
    }

    [Fact]
    public void Calls_without_an_answer_are_as_on_the_page()
    {
        AssertExamples(NetworkMethods.Detach);
        AssertExamples(NetworkMethods.Publish);
    }

    [Fact]
    public void Upkeep_is_as_on_the_page()
    {
        Assert.Null(AnswerCheck.Lines(AssertExamples(NetworkMethods.Check).Answer));
        Assert.Null(AnswerCheck.Lines(AssertExamples(NetworkMethods.Repair).Answer));
    }

    [Fact]
    public void Errors_are_as_on_the_page()
    {
        var error = AssertExample("error", MessageJson.Default.DriverError);
        AssertExample("error data", MessageJson.Default.DriverErrorData);

        Assert.Equal((DriverErrorKind.InvalidRequest, "subnets[0].gateway"), (error.Kind, error.Field));
    }

    [Fact]
    public void Lines_are_as_on_the_page()
    {
        var line = JsonDocument.Parse(Assert.Single(ContractPage.Examples("json line"))).RootElement;
        var answers = ContractPage.Examples("json answer").Select(text => JsonDocument.Parse(text).RootElement).ToList();

        AssertRoundTrip(line.GetProperty("params"), NetworkMethods.Detach.Question);
        Assert.Equal(["id", "method", "params"], line.EnumerateObject().Select(member => member.Name));
        Assert.Null(JsonShape.FirstMismatch(answers[0].GetProperty("result"), NetworkMethods.Detach.Answer));
        Assert.Equal(DriverErrorKind.Failed, AnswerText.Error("detach", answers[1].GetProperty("error")).Kind);
    }

    [Fact]
    public void Every_member_and_every_kind_of_error_is_on_the_page()
    {
        Type[] types =
        [
            typeof(PluginManifest), typeof(PluginTimeouts), typeof(PluginEntry), typeof(DriverExample), typeof(NetworkDefinition),
            typeof(SubnetDefinition), typeof(AttachmentRequest), typeof(AttachmentResult), typeof(AttachmentPlan), typeof(PortMapping),
            typeof(VolumeDefinition), typeof(VolumeResult), typeof(VolumeRecord), typeof(VolumeMountResult), typeof(VolumeUse),
            typeof(VolumeUseRecord),
        ];
        var members = types.SelectMany(type => type.GetProperties())
            .Where(property => property.CanWrite)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            .Distinct();
        var kinds = Enum.GetValues<DriverErrorKind>().Select(kind => JsonNamingPolicy.CamelCase.ConvertName($"{kind}"));

        Assert.DoesNotContain(
            members.Concat(kinds),
            word => !ContractPage.Text.Contains($"`{word}`", StringComparison.Ordinal)
                && !ContractPage.Text.Contains($"\"{word}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Default_timeouts_are_those_on_the_page()
    {
        var ofVolumes = new PluginTimeouts().All.ToLookup(timeout => timeout.Name.EndsWith("Volume", StringComparison.Ordinal));

        Assert.All(ofVolumes, table =>
        {
            Assert.Contains("| " + string.Join(" | ", table.Select(timeout => $"`{timeout.Name}`")) + " |", ContractPage.Text,
                StringComparison.Ordinal);
            Assert.Contains("\n| " + string.Join(" | ", table.Select(timeout => timeout.Seconds)) + " |\n", ContractPage.Text,
                StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(0, "pocket", "driver.py")]
    [InlineData(1, "shelf", "volumes.py")]
    public void The_drivers_on_the_page_keep_to_the_contract(int place, string name, string file)
    {
        using var sandbox = new PluginSandbox();
        var folder = PluginSandbox.Add(sandbox.First, name, ContractPage.Examples("json plugin.json")[place]);
        var program = Path.Combine(folder, file);
        File.WriteAllText(program, Assert.Single(ContractPage.Examples("python " + file)));
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var report = ConformanceRun.Of(sandbox, folder);

        Assert.True(report.IsConforming, string.Join('\n', report.Checks));
        Assert.Equal("ends when it is told to", report.Checks[^1].Name);
    }

    private static (TQuestion Question, TAnswer Answer) AssertExamples<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method) =>
        (AssertExample($"{method.Name}.params", method.Question), AssertExample($"{method.Name}.result", method.Answer));

    private static T AssertExample<T>(string kind, JsonTypeInfo<T> type) =>
        AssertRoundTrip(JsonDocument.Parse(Assert.Single(ContractPage.Examples($"json {kind}"))).RootElement, type);

    private static T AssertRoundTrip<T>(JsonElement example, JsonTypeInfo<T> type)
    {
        Assert.Null(JsonShape.FirstMismatch(example, type));
        var value = example.Deserialize(type)!;
        var written = JsonSerializer.SerializeToElement(value, type);
        Assert.True(JsonElement.DeepEquals(example, written), $"{example}\nis written as\n{written}");
        return value;
    }
}
