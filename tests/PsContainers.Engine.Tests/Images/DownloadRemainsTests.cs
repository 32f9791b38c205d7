using PsContainers.Images.Transfers;

namespace PsContainers.Engine.Tests.Images;

public sealed class DownloadRemainsTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void What_nobody_came_back_for_goes_when_a_session_begins()
    {
        var (old, recent) = (Leave("sha256-old", DateTime.UtcNow - (2 * DownloadFolder.Patience)), Leave("sha256-new", DateTime.UtcNow));

        ContainerServices.Open(_sandbox.Paths, launcher: "unused").Dispose();

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(recent));
    }

    [Fact]
    public void What_is_there_for_another_try_is_counted_and_cleared_away_on_request()
    {
        using var services = ContainerServices.Open(_sandbox.Paths, launcher: "unused");
        var path = Leave("sha256-new", DateTime.UtcNow);

        var item = Assert.Single(services.FindReclaimable.Execute(named: false));
        Assert.Equal((ContainerStorageItemKind.Download, "sha256-new", 3), (item.Kind, item.Name, item.Size));
        Assert.Equal(3, services.MeasureStorage.Execute().Single(usage => usage.Kind == "Downloads").Reclaimable);

        services.ReclaimStorage.Execute(item);

        Assert.False(File.Exists(path));
    }

    private string Leave(string name, DateTime written)
    {
        Directory.CreateDirectory(_sandbox.Paths.Downloads);
        var path = Path.Join(_sandbox.Paths.Downloads, name);
        File.WriteAllText(path, "abc");
        File.SetLastWriteTimeUtc(path, written);
        return path;
    }
}
