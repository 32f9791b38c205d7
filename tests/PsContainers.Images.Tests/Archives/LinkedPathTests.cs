using PsContainers.Images.Tests.Layers;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Links on the way to what the user names are the user's own and are followed.</summary>
public sealed class LinkedPathTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Archive_is_found_through_a_linked_folder()
    {
        Directory.CreateDirectory(_sandbox.PathOf("real"));
        SavedImage.Docker().WriteTar(_sandbox.PathOf("real/image.tar"));
        Directory.CreateSymbolicLink(_sandbox.PathOf("linked"), "real");
        File.CreateSymbolicLink(_sandbox.PathOf("linked.tar"), "linked/image.tar");

        Assert.Single(_sandbox.Import(_sandbox.PathOf("linked/image.tar")));
        Assert.Single(_sandbox.Import(_sandbox.PathOf("linked.tar")));
    }

    [Fact]
    public void Layout_folder_may_be_a_link()
    {
        SavedImage.Layout().WriteFolder(_sandbox.PathOf("layout"));
        Directory.CreateSymbolicLink(_sandbox.PathOf("linked"), "layout");

        Assert.Single(_sandbox.Import(_sandbox.PathOf("linked")));
        Assert.Single(_sandbox.Import(_sandbox.PathOf("linked/")));
    }

    [Fact]
    public void Root_file_system_folder_may_be_a_link()
    {
        LayerSandbox.SkipUnlessRoot();
        Directory.CreateDirectory(_sandbox.PathOf("root"));
        File.WriteAllText(_sandbox.PathOf("root/file"), "content");
        Directory.CreateSymbolicLink(_sandbox.PathOf("linked"), "root");

        var image = _sandbox.ImportRoot(_sandbox.PathOf("linked"));

        Assert.Equal("content", File.ReadAllText(_sandbox.FileOf(image, "file")));
    }
}
