using PsContainers.Drivers;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;

namespace PsContainers.Engine.Tests.Volumes;

public sealed class VolumeAccessTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly string _volume;

    public VolumeAccessTests()
    {
        _volume = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "volume")).FullName;
        File.WriteAllText(Path.Combine(_volume, "file"), "");
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        _sandbox.Volumes.SetReady(Sample.Id("a"), new VolumeResult { Path = _volume }, Durability.ProcessCrash);
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Files_of_a_volume_are_where_its_driver_said()
    {
        Assert.Equal(_volume, Open());

        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(_volume).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void What_a_killed_session_half_copied_into_a_volume_is_nothing_that_anybody_gets()
    {
        Directory.CreateDirectory(Path.Combine(_volume, ".pscontainers-filling/half"));
        _sandbox.Volumes.SetStatus(Sample.Id("a"), ContainerVolumeStatus.Filling, Durability.ProcessCrash);

        Open();

        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(_volume).Select(path => Path.GetFileName(path)));
        Assert.Equal(ContainerVolumeStatus.Ready, _sandbox.Volumes.Find(Sample.Id("a"))!.Status);
    }

    [Fact]
    public void Volume_whose_directory_is_gone_cannot_be_used()
    {
        Directory.Delete(_volume, recursive: true);

        var error = Assert.Throws<ContainerEngineException>(() => Open());

        Assert.Contains("'data'", error.Message, StringComparison.Ordinal);
    }

    private string Open()
    {
        var row = _sandbox.Volumes.Find(Sample.Id("a"))!;
        var access = new VolumeAccess(_sandbox.Volumes, _sandbox.VolumeDrivers, new VolumeLocks(_sandbox.Paths.Locks));
        var use = new VolumeUseRow(row.Id, Sample.Id("f"), Target: null, IsPerson: true, Result: null);
        return access.Open(row, use, "this test", TestContext.Current.CancellationToken);
    }
}
