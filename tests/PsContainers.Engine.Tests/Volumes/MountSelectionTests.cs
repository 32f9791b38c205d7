using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Volumes;

public sealed class MountSelectionTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly ContainerConfig _image = new();

    public MountSelectionTests() =>
        _sandbox.Images.Put([Sample.Image(), Sample.Image("tools", "docker.io/library/tools:latest")]);

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("type=bind,target=/a", "a bind needs a source")]
    [InlineData("type=bind,source=srv,target=/a", "the source is not an absolute path")]
    [InlineData("type=bind,source=/,target=a", "the target 'a' is not an absolute path")]
    [InlineData("type=bind,source=/,target=/", "nothing can be mounted on the root itself")]
    [InlineData("type=bind,source=/,target=/a/..", "nothing can be mounted on the root itself")]
    [InlineData("type=bind,source=/,target=/a,bind-recursive=perhaps", "bind-recursive is one of")]
    [InlineData("type=bind,source=/,target=/a,bind-recursive=readonly", "is for a mount that is read-only")]
    [InlineData("type=bind,source=/,target=/a,bind-propagation=up", "the propagation is one of")]
    [InlineData("type=bind,source=/,target=/a,subpath=b", "a subpath is for a volume or an image")]
    [InlineData("type=bind,source=/,target=/a,size=1m", "size and mode are for a tmpfs")]
    [InlineData("type=bind,source=/,target=/a,nocopy", "nocopy is for a volume")]
    [InlineData("type=bind,source=/,target=/a,volume-driver=local", "are for a volume")]
    [InlineData("type=tmpfs,source=x,target=/a", "what is made new has no source")]
    [InlineData("type=tmpfs,target=/a,create-source", "only the source of a bind can be made")]
    [InlineData("type=tmpfs,target=/a,bind-recursive=disabled", "bind-recursive is for a bind")]
    [InlineData("type=tmpfs,target=/a,idmap", "idmap is for a bind or a volume")]
    [InlineData("type=devpts,target=/a,readonly", "terminals cannot be read-only")]
    [InlineData("type=image,target=/a", "needs the name of an image")]
    [InlineData("type=volume,source=data,target=/a,subpath=../b", "is not a relative path that stays inside")]
    [InlineData("type=volume,source=data,target=/a,subpath=/b", "is not a relative path that stays inside")]
    [InlineData("type=volume,source=/data,target=/a", "is neither the name of a volume nor")]
    [InlineData("type=volume,source=.data,target=/a", "is neither the name of a volume nor")]
    public void What_does_not_fit_together_is_refused(string mount, string cause)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.Parse(mount)));

        Assert.Equal("InvalidMount", error.ErrorId);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_that_does_not_exist_is_refused_unless_it_is_to_be_made()
    {
        const string Missing = "type=bind,source=/nowhere/at/all,target=/a";

        var error = Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.Parse(Missing)));

        Assert.Equal("MountSourceNotFound", error.ErrorId);
        Assert.Contains("'/nowhere/at/all' does not exist on the host", error.Message, StringComparison.Ordinal);
        Assert.Single(Apply(ContainerMount.Parse(Missing + ",create-source")).Row.Settings.Mounts!);
        Assert.False(Path.Exists("/nowhere"), "it is made when the container starts");
    }

    [Fact]
    public void Mounts_of_a_container_with_users_of_its_own_cannot_be_shared()
    {
        var container = Sample.Container() with { Settings = Sample.Settings() with { UserNamespace = "Private" } };
        var mount = ContainerMount.Parse("source=data,target=/a,bind-propagation=rshared");
        var creation = new ContainerCreation { Image = "busybox", Mounts = [mount] };

        var error = Assert.Throws<ContainerEngineException>(() => _sandbox.MountSelection.Apply(container, creation, _image));

        Assert.Equal("InvalidMount", error.ErrorId);
        Assert.Contains("the host sees no mount", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_mounts_are_not_inherited_by_a_container_with_users_of_its_own()
    {
        var shared = new ContainerMount { Type = ContainerMountType.Bind, Source = "/", Target = "/host", Propagation = "rshared" };
        _sandbox.Containers.Insert(new ContainerDraft(
            Sample.Container("c0", "web") with { Settings = Sample.Settings() with { Mounts = [new MountSetting(shared)] } }, []));
        var container = Sample.Container("c1") with { Settings = Sample.Settings() with { UserNamespace = "Private" } };
        var creation = new ContainerCreation { Image = "busybox", VolumesFrom = ["web"] };

        var error = Assert.Throws<ContainerEngineException>(() => _sandbox.MountSelection.Apply(container, creation, _image));

        Assert.Contains("the host sees no mount", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",bind-propagation=shared")]
    public void Source_that_is_a_link_to_nothing_does_not_exist(string more)
    {
        var link = Path.Combine(_sandbox.Folder, "link");
        File.CreateSymbolicLink(link, "nothing");

        var error = Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.Parse($"type=bind,source={link},target=/a{more}")));

        Assert.Equal("MountSourceNotFound", error.ErrorId);
    }

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/a", "/a/")]
    [InlineData("/a/b", "/a//./c/../b")]
    public void Target_that_is_there_twice_is_refused(string one, string other)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Apply(Tmpfs(one), Tmpfs(other)));

        Assert.Contains($"there is another one at '{one}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_in_another_ones_target_is_mounted_after_it()
    {
        var mounts = Apply(Tmpfs("/a/b/c"), Tmpfs("/z"), Tmpfs("/a"), Tmpfs("/a/b")).Row.Settings.Mounts!;

        Assert.Equal(["/z", "/a", "/a/b", "/a/b/c"], mounts.Select(mount => mount.Asked.Target));
    }

    [Fact]
    public void Volume_that_is_there_is_kept_by_its_id()
    {
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("ab", "data"));

        var draft = Apply(ContainerMount.ParseVolume("data:/d"));

        Assert.Equal(Sample.Id("ab"), Assert.Single(draft.Row.Settings.Mounts!).Volume);
        Assert.Empty(draft.NewVolumes);
    }

    [Theory]
    [InlineData("source=data,target=/d,volume-driver=other", "its driver is 'sample', not 'other'")]
    [InlineData("source=data,target=/d,volume-opt=size=1g", "its option 'size' is another one")]
    public void Volume_that_is_another_one_than_the_user_thinks_is_refused(string mount, string cause)
    {
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("ab", "data"));

        var error = Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.Parse(mount)));

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Volume_whose_removal_cannot_be_finished_is_refused()
    {
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("ab", "data"));
        _sandbox.Volumes.TryBeginRemoval(Sample.Id("ab"));

        // Its driver is uninstalled.
        var error = Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.ParseVolume("data:/d")));

        Assert.Equal("VolumeDriverNotFound", error.ErrorId);
        Assert.NotNull(_sandbox.Volumes.FindByName("data"));
    }

    [Fact]
    public void Driver_that_is_none_is_refused()
    {
        var error = Assert.Throws<ContainerEngineException>(
            () => Apply(ContainerMount.Parse("source=data,target=/d,volume-driver=floppy")));

        Assert.Equal("VolumeDriverNotFound", error.ErrorId);
        Assert.Empty(_sandbox.Volumes.All());
    }

    [Fact]
    public void Image_is_kept_by_its_id()
    {
        var draft = Apply(ContainerMount.Parse("type=image,source=tools,target=/tools"));

        Assert.Equal(Sample.Image("tools").Id, Assert.Single(draft.Row.Settings.Mounts!).Image);
        Assert.Equal(
            "ImageNotFound",
            Assert.Throws<ContainerEngineException>(() => Apply(ContainerMount.Parse("type=image,source=nope,target=/x"))).ErrorId);
    }

    [Theory]
    [InlineData("web:ro")]
    [InlineData("web:ro,z")]
    public void Mounts_of_another_container_are_inherited_where_there_are_none(string from)
    {
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("a", "data"));
        _sandbox.Volumes.TryAdd(SampleVolume.Volume("b", "logs"));
        _sandbox.Containers.Insert(SampleVolume.Container("c0", "web", "a", "b"));
        var creation = new ContainerCreation { Image = "busybox", VolumesFrom = [from], Mounts = [Tmpfs("/b")] };

        var mounts = _sandbox.MountSelection.Apply(Sample.Container("c1", "backup"), creation, _image).Row.Settings.Mounts!;

        Assert.Equal(2, mounts.Count);
        Assert.Contains(mounts, mount => mount.Asked.Type == ContainerMountType.Tmpfs && mount.Asked.Target == "/b");
        Assert.Contains(mounts, mount => mount.Volume == Sample.Id("a") && mount.Asked is { Target: "/a", ReadOnly: true });
    }

    private static ContainerMount Tmpfs(string target) => new() { Type = ContainerMountType.Tmpfs, Target = target };

    private ContainerDraft Apply(params ContainerMount[] mounts) => _sandbox.MountSelection.Apply(
        Sample.Container(), new ContainerCreation { Image = "busybox", Mounts = mounts }, _image);
}
