using System.Text.Json.Nodes;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Names and texts in a message are a stranger's: they may be long, and steer a terminal.</summary>
public sealed class MessageTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Control_characters_of_a_name_do_not_reach_the_terminal()
    {
        var path = WithLayer(File("../\u001b[2Jgone\nImported\u009b1m\u202e", "x"));

        var message = _sandbox.Refusal(path);

        Assert.Contains(@"'../\u001b[2Jgone\u000aImported\u009b1m\u202e': the name climbs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_name_is_shortened_and_the_cause_stays()
    {
        var path = WithLayer(File(string.Concat(Enumerable.Repeat("name/", 200_000)) + "x", "x"));

        var message = _sandbox.Refusal(path);

        Assert.InRange(message.Length, 100, 2000);
        Assert.Contains("layer 0/layer.tar: entry 'name/name/", message, StringComparison.Ordinal);
        Assert.EndsWith("the name is longer than 4095 bytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_of_an_image_that_cannot_be_is_shown_in_the_same_way()
    {
        var saved = SavedImage.Docker();
        var image = JsonNode.Parse(saved.Files["manifest.json"])![0]!.DeepClone().AsObject();
        image["RepoTags"] = new JsonArray(new string('n', 1_000_000) + "\u001b[2J");
        saved.WriteManifest(image);

        var message = _sandbox.Refusal(saved.WriteTar(_sandbox.PathOf("image.tar")));

        Assert.InRange(message.Length, 100, 2000);
        Assert.EndsWith(@"\u001b[2J' is not an image name", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entry_beside_the_image_is_named()
    {
        var path = SavedImage.Docker().WriteTar(_sandbox.PathOf("image.tar"), File("a/../../manifest.json"));

        Assert.Contains("entry 'a/../../manifest.json': the name climbs with '..'", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    private string WithLayer(params (Images.Layers.TarEntry, byte[])[] entries)
    {
        var saved = SavedImage.Docker();
        saved.Files["0/layer.tar"] = Tar(entries);
        return saved.WriteTar(_sandbox.PathOf("image.tar"));
    }
}
