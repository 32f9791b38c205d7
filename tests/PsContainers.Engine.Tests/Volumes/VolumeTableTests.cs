using PsContainers.Drivers;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Volumes;

public sealed class VolumeTableTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public VolumeTableTests() => _sandbox.Images.Put(Sample.Image());

    private VolumeTable Volumes => _sandbox.Volumes;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Volume_is_found_by_id_by_name_and_by_the_beginning_of_its_id()
    {
        var row = new VolumeRow(
            "data",
            new VolumeDefinition
            {
                Id = Sample.Id("ab12"),
                Name = "data",
                Driver = "sample",
                Options = new Dictionary<string, string> { ["size"] = "1g" },
            },
            new Dictionary<string, string> { ["team"] = "web" },
            IsAnonymous: false,
            Sample.Time);
        Assert.True(Volumes.TryAdd(row));
        Volumes.SetReady(row.Id, new VolumeResult { Path = "/srv/data", State = "state" }, Durability.PowerLoss);
        var ready = row with { Status = ContainerVolumeStatus.Ready, Result = new VolumeResult { Path = "/srv/data", State = "state" } };

        using var session = _sandbox.OpenDatabase();
        var others = new VolumeTable(session);

        Assert.Equivalent(ready, others.Find(row.Id), strict: true);
        Assert.Equivalent(ready, others.FindByName("data"), strict: true);
        Assert.Equal([row.Id], others.FindByPrefix("ab", 2).Select(found => found.Id));
        Assert.Empty(others.FindByPrefix("ac", 2));
    }

    [Fact]
    public void Of_sessions_that_make_a_volume_of_one_name_at_once_one_succeeds()
    {
        var isAdded = new bool[6];

        AtOnce.Run(isAdded.Length, i =>
        {
            using var session = _sandbox.OpenDatabase();
            isAdded[i] = new VolumeTable(session).TryAdd(SampleVolume.Volume($"a{i}", "data"));
        });

        Assert.Single(isAdded, added => added);
        Assert.Single(Volumes.All());
    }

    [Fact]
    public void Volume_that_a_container_has_is_not_laid_hold_of_for_removal()
    {
        Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        var container = SampleVolume.Container("c0", "web", "a");
        Assert.Equal(InsertOutcome.Inserted, _sandbox.Containers.Insert(container));

        Assert.Equal(["web"], Volumes.HoldersOf(Sample.Id("a")));
        Assert.False(Volumes.TryBeginRemoval(Sample.Id("a")));
        Assert.Empty(_sandbox.Containers.Delete(container).Volumes);
        Assert.True(Volumes.TryBeginRemoval(Sample.Id("a")));
        Assert.Equal([Sample.Id("a")], Volumes.Leaving().Select(row => row.Id));
    }

    [Fact]
    public void Volume_that_somebody_mounted_is_not_laid_hold_of_for_removal()
    {
        Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        var use = new VolumeUseRow(Sample.Id("a"), Sample.Id("e"), "/mnt", IsPerson: true, Result: null);
        Assert.True(Volumes.TryAddUse(use));

        Assert.False(Volumes.TryBeginRemoval(Sample.Id("a")));
        Volumes.RemoveUse(use);
        Assert.True(Volumes.TryBeginRemoval(Sample.Id("a")));
        Assert.False(Volumes.TryAddUse(use), "who comes now is too late");
    }

    [Fact]
    public void A_container_cannot_get_a_volume_that_is_being_removed()
    {
        Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        Volumes.TryBeginRemoval(Sample.Id("a"));

        Assert.Equal(InsertOutcome.MountsChanged, _sandbox.Containers.Insert(SampleVolume.Container("c0", "web", "a")));
        Assert.Equal(InsertOutcome.MountsChanged, _sandbox.Containers.Insert(SampleVolume.Container("c0", "web", "b")));
        Assert.Empty(_sandbox.Containers.All());
    }

    [Fact]
    public void A_container_comes_with_its_new_volumes_or_neither_does()
    {
        Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        var taken = new ContainerDraft(
            SampleVolume.Container("c0", "web", "b", "c"), [SampleVolume.Volume("b", "data"), SampleVolume.Volume("c", "more")]);

        Assert.Equal(InsertOutcome.MountsChanged, _sandbox.Containers.Insert(taken));
        Assert.Null(Volumes.FindByName("more"));

        var free = taken with { NewVolumes = [SampleVolume.Volume("b", "other"), SampleVolume.Volume("c", "more")] };
        Assert.Equal(InsertOutcome.Inserted, _sandbox.Containers.Insert(free));
        Assert.Equal(["web"], Volumes.HoldersOf(Sample.Id("c")));
        Assert.Equal([Sample.Id("b"), Sample.Id("c")], Volumes.OfContainer(Sample.Id("c0")).Keys.Order());
    }

    [Fact]
    public void Anonymous_volume_goes_with_the_last_container_that_has_it()
    {
        var first = SampleVolume.Container("c0", "web", "a", "b");
        var second = SampleVolume.Container("c1", "backup", "a");
        _sandbox.Containers.Insert(new ContainerDraft(
            first, [SampleVolume.Volume("a", isAnonymous: true), SampleVolume.Volume("b", "data")]));
        _sandbox.Containers.Insert(second);

        Assert.Empty(_sandbox.Containers.Delete(first).Volumes);
        Assert.Equal([Sample.Id("a")], _sandbox.Containers.Delete(second).Volumes);
        Assert.Equal(ContainerVolumeStatus.Removing, Volumes.Find(Sample.Id("a"))!.Status);
        Assert.Equal(ContainerVolumeStatus.Created, Volumes.Find(Sample.Id("b"))!.Status);
    }

    [Fact]
    public void A_name_that_is_taken_is_given_to_nobody_else()
    {
        Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        Volumes.TryAdd(SampleVolume.Volume("b", isAnonymous: true));

        Assert.False(Volumes.TryRename(Sample.Id("b"), "data"));
        Assert.True(Volumes.TryRename(Sample.Id("b"), "more"));
        Assert.False(Volumes.Find(Sample.Id("b"))!.IsAnonymous, "one with a name stays when its container goes");
        Assert.Equal(Sample.Id("b"), Volumes.Find(Sample.Id("b"))!.Definition.Name);
    }

    [Fact]
    public void Image_that_a_container_has_mounted_is_kept_for_it()
    {
        _sandbox.Images.Put(Sample.Image("tools"));
        var mount = new MountSetting(
            new ContainerMount { Type = ContainerMountType.Image, Source = "tools", Target = "/tools" }, Image: Sample.Image("tools").Id);
        var container = Sample.Container() with { Settings = Sample.Settings() with { Mounts = [mount] } };
        Assert.Equal(InsertOutcome.Inserted, _sandbox.Containers.Insert(container));

        Assert.Equal([container.Id], _sandbox.Containers.OfImage(Sample.Image("tools").Id).Select(row => row.Id));
        _sandbox.Images.Remove(Sample.Image("tools").Id);
        Assert.NotNull(_sandbox.Images.Find(Sample.Image("tools").Id));
        Assert.Equal(InsertOutcome.MountsChanged, _sandbox.Containers.Insert(container with { Id = Sample.Id("c1"), Name = "late" }));
        Assert.True(_sandbox.Containers.Delete(container).NeedsCollection);
        Assert.Null(_sandbox.Images.Find(Sample.Image("tools").Id));
    }
}
