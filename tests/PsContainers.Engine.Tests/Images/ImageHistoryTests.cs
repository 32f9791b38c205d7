using PsContainers.Engine.Images;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Images;

public sealed class ImageHistoryTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Last_step_comes_first_and_empty_steps_have_no_layer()
    {
        var steps = History(
            new History { CreatedBy = "base", Created = DateTimeOffset.UnixEpoch },
            new History { CreatedBy = "ENV A=1", EmptyLayer = true, Author = "me", Comment = "why" },
            new History { CreatedBy = "RUN x" });

        Assert.Equal(["RUN x", "ENV A=1", "base"], steps.Select(step => step.CreatedBy));
        Assert.Equal([false, true, false], steps.Select(step => step.IsEmptyLayer));
        Assert.Equal([$"{Sample.DigestOf("1")}", null, $"{Sample.DigestOf("0")}"], steps.Select(step => step.DiffId));
        Assert.Equal(("me", "why"), (steps[1].Author, steps[1].Comment));
        Assert.Equal(DateTime.UnixEpoch, steps[2].Created?.ToUniversalTime());
    }

    [Fact]
    public void Layers_that_the_history_does_not_mention_come_below()
    {
        var steps = History(new History { CreatedBy = "RUN x" });

        Assert.Equal(["RUN x", ""], steps.Select(step => step.CreatedBy));
        Assert.Equal([$"{Sample.DigestOf("1")}", $"{Sample.DigestOf("0")}"], steps.Select(step => step.DiffId));
    }

    [Fact]
    public void Steps_beyond_the_last_layer_have_none()
    {
        var steps = History([.. Enumerable.Range(0, 4).Select(i => new History { CreatedBy = $"{i}" })]);

        Assert.Equal([true, true, false, false], steps.Select(step => step.IsEmptyLayer));
    }

    [Fact]
    public void Damaged_manifest_is_an_error_that_names_the_image()
    {
        var row = Sample.Image("damaged", "docker.io/library/damaged:latest");
        _sandbox.Images.Put(row);
        var blobs = Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Blobs, "sha256")).FullName;
        File.WriteAllText(Path.Combine(blobs, row.Manifest["sha256:".Length..]), "x");

        var error = Assert.Throws<ContainerEngineException>(() => new GetImageLayers(
            _sandbox.Images, new ImageLookup(_sandbox.Images), _sandbox.Content, _sandbox.Layers).Execute("damaged"));

        Assert.Equal("ImageInvalid", error.ErrorId);
        Assert.StartsWith($"image {row.Id}: {row.Manifest} in the store is damaged", error.Message, StringComparison.Ordinal);
    }

    // Of an image with two layers, which are not unpacked.
    private IReadOnlyList<ContainerImageHistory> History(params History[] history)
    {
        var row = Sample.Image("built", "docker.io/library/built:latest");
        _sandbox.Images.Put(row with
        {
            Config = row.Config with
            {
                RootFs = new RootFs { Type = "layers", DiffIds = [Sample.DigestOf("0"), Sample.DigestOf("1")] },
                History = history,
            },
        });
        return new GetImageHistory(new ImageLookup(_sandbox.Images), _sandbox.Layers).Execute("built");
    }
}
