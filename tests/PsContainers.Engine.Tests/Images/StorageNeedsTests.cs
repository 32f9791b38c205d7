using PsContainers.Images.Layers;

namespace PsContainers.Engine.Tests.Images;

public sealed class StorageNeedsTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public StorageNeedsTests() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the owners in a layer");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Shared_layer_is_counted_with_the_last_image_that_has_it()
    {
        var (lower, one, two) = (Unpack("lower", 100), Unpack("one", 10), Unpack("two", 1));
        var first = Sample.Image("first") with { Chains = [lower.ChainId, one.ChainId] };
        var second = Sample.Image("second") with { Chains = [lower.ChainId, two.ChainId] };
        var kept = Sample.Image("kept") with { Chains = [one.ChainId] };
        _sandbox.Images.Put(first, second, kept);
        var needs = _sandbox.Needs;

        Assert.Equal([0L, 101], needs.Freed([first, second]).Select(freed => freed.Size));
        Assert.Equal([1L, 100], needs.Freed([second, first]).Select(freed => freed.Size));
        Assert.Equal([1L], needs.Freed([second]).Select(freed => freed.Size));
    }

    private UnpackedLayer Unpack(string name, int size)
    {
        using var bytes = new MemoryStream();
        var tar = new TarWriter(bytes);
        tar.Write(new TarEntry(TarEntryKind.File, name) { Size = size, Mode = 0x1a4 });
        tar.WriteData(new byte[size]);
        tar.Finish();
        bytes.Position = 0;
        return _sandbox.Layers.Unpack(bytes, null, null, LayerLimits.Default, TestContext.Current.CancellationToken);
    }
}
