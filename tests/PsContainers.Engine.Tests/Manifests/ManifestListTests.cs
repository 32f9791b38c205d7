using PsContainers.Engine.Images;
using PsContainers.Engine.Manifests;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Manifests;

public sealed class ManifestListTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly ManifestLookup _lookup;
    private readonly NewManifest _new;
    private readonly string _amd64 = Sample.Image("amd64").Id;

    public ManifestListTests()
    {
        _lookup = new(_sandbox.Manifests, _sandbox.Images, new ImageLookup(_sandbox.Images));
        _new = new(_sandbox.Manifests, _lookup, _sandbox.Collection);
        var arm64 = Sample.Image("arm64", "docker.io/library/app:arm64");
        _sandbox.Images.Put(
            Sample.Image("amd64", "docker.io/library/app:amd64"),
            arm64 with { Config = arm64.Config with { Architecture = "arm64", Variant = "v8" } });
    }

    private ChangeManifest Change => new(_sandbox.Manifests, _lookup);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Images_are_listed_in_order_with_what_they_run_on()
    {
        var list = Make("app:1", "app:arm64", _amd64[7..19]);

        Assert.Equal("app:1", list.Name);
        Assert.Equal(["linux/arm64/v8", "linux/amd64"], list.Images.Select(image => image.Platform));
        Assert.Equal(["app:arm64", "app:amd64"], list.Images.Select(image => image.Image));
        Assert.Equal(Sample.Image("amd64").Manifest, list.Images[1].Digest);
        Assert.All(list.Images, image => Assert.True(image.IsLocal));
    }

    [Fact]
    public void What_is_said_of_an_image_stands_beside_what_it_says_itself()
    {
        Make("app:1", "app:amd64");

        Change.Execute("app:1", "app:amd64", new() { Platform = "linux/arm/v7", Annotations = Annotations(("a", "1"), ("b", "2")) });
        var list = Change.Execute("app:1", _amd64, new() { OsFeatures = ["x"], Annotations = Annotations(("a", ""), ("c", "3")) });

        var image = Assert.Single(list.Images);
        Assert.Equal(("linux/arm/v7", "linux", "arm", "v7"), (image.Platform, image.OperatingSystem, image.Architecture, image.Variant));
        Assert.Equal(["x"], image.OsFeatures);
        Assert.Equal(Annotations(("b", "2"), ("c", "3")), image.Annotations);
    }

    [Fact]
    public void Image_added_again_is_described_anew_at_its_place()
    {
        Make("app:1", "app:amd64", "app:arm64");

        var list = new AddManifestImages(_sandbox.Manifests, _lookup).Execute(
            new() { Name = "app:1", Images = ["app:amd64"], Change = new() { Platform = "linux/386" } },
            TestContext.Current.CancellationToken);

        Assert.Equal(["linux/386", "linux/arm64/v8"], list.Images.Select(image => image.Platform));
    }

    [Fact]
    public void List_has_annotations_of_its_own()
    {
        _new.Execute(new() { Name = "app:1" }, Annotations(("a", "1"), ("b", "2")), cancellation: TestContext.Current.CancellationToken);

        var list = Change.Execute("app:1", Annotations(("a", ""), ("c", "3")));

        Assert.Equal(Annotations(("b", "2"), ("c", "3")), list.Annotations);
        Assert.Empty(list.Images);
    }

    [Fact]
    public void Name_is_taken_once_unless_it_is_to_be_replaced()
    {
        Make("app:1", "app:amd64");

        Assert.Equal("ManifestNameInUse", Assert.Throws<ContainerEngineException>(() => Make("app:1", "app:arm64")).ErrorId);
        var replaced = _new.Execute(
            new() { Name = "app:1", Images = ["app:arm64"] }, replace: true, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["app:arm64"], replaced.Images.Select(image => image.Image));
    }

    [Fact]
    public void All_of_another_list_are_taken_over()
    {
        Make("app:1", "app:amd64", "app:arm64");
        Change.Execute("app:1", "app:amd64", new() { Annotations = Annotations(("a", "1")) });

        var copy = _new.Execute(
            new() { Name = "copy:1", Images = ["app:1"], All = true }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["app:amd64", "app:arm64"], copy.Images.Select(image => image.Image));
        Assert.Equal("1", copy.Images[0].Annotations["a"]);
    }

    [Fact]
    public void Listed_image_is_removed_by_force_only_and_goes_with_the_list()
    {
        Make("app:1", "app:amd64");
        var remove = RemoveImage();
        var error = Assert.Throws<ContainerEngineException>(() => remove.Execute("app:amd64"));
        Assert.Equal("ImageInUse", error.ErrorId);
        Assert.Contains("manifest list 'app:1'", error.Message, StringComparison.Ordinal);

        remove.Execute("app:amd64", force: true);

        Assert.DoesNotContain(_sandbox.Images.All(), image => image.Id == _amd64);
        Assert.Equal([_amd64[7..19]], Show("app:1").Images.Select(image => image.Image));
        new RemoveManifest(_sandbox.Manifests, _sandbox.Collection).Execute("app:1");
        Assert.Null(_sandbox.Images.Find(_amd64));
    }

    [Fact]
    public void Removed_image_of_two_lists_goes_when_the_last_one_lets_go()
    {
        Make("app:1", "app:amd64");
        Make("app:2", "app:amd64");
        RemoveImage().Execute("app:amd64", force: true);
        var takeOff = new RemoveManifestImage(_sandbox.Manifests, _lookup, _sandbox.Collection);

        takeOff.Execute("app:1", _amd64);
        Assert.NotNull(_sandbox.Images.Find(_amd64));
        takeOff.Execute("app:2", _amd64);

        Assert.Null(_sandbox.Images.Find(_amd64));
        Assert.Empty(Show("app:1").Images);
    }

    [Fact]
    public void Replaced_list_lets_go_of_a_removed_image()
    {
        Make("app:1", "app:amd64");
        RemoveImage().Execute("app:amd64", force: true);

        _new.Execute(new() { Name = "app:1" }, replace: true, cancellation: TestContext.Current.CancellationToken);

        Assert.Null(_sandbox.Images.Find(_amd64));
    }

    [Fact]
    public void Removed_image_that_a_container_and_a_list_name_goes_with_the_container_when_that_is_the_last()
    {
        Make("app:1", "app:amd64");
        var container = _sandbox.Add(Sample.Container() with { ImageId = _amd64 });
        RemoveImage().Execute("app:amd64", force: true);

        new RemoveManifest(_sandbox.Manifests, _sandbox.Collection).Execute("app:1");
        Assert.NotNull(_sandbox.Images.Find(_amd64));
        _sandbox.Remains.Remove(container);

        Assert.Null(_sandbox.Images.Find(_amd64));
    }

    [Fact]
    public void Listed_image_is_not_unused()
    {
        Make("app:1", "app:amd64");
        var needs = _sandbox.Needs;

        Assert.Equal(["docker.io/library/app:arm64"], needs.Unused([]).SelectMany(image => image.Names));
    }

    [Fact]
    public void Image_that_goes_while_it_is_listed_is_an_error_and_nothing_is_listed()
    {
        Make("app:1");
        var entries = _lookup.Entries(
            new() { Name = "app:1", Images = ["app:arm64", "app:amd64"] }, TestContext.Current.CancellationToken);
        RemoveImage().Execute("app:amd64");

        var error = Assert.Throws<ContainerEngineException>(
            () => _sandbox.Manifests.TryPut("docker.io/library/app:1", entries));

        Assert.Equal("ImageNotFound", error.ErrorId);
        Assert.Empty(Show("app:1").Images);
    }

    [Fact]
    public void List_that_another_session_removed_meanwhile_is_not_brought_back()
    {
        Assert.False(_sandbox.Manifests.TryPut("docker.io/library/gone:1", []));
        Assert.Null(_sandbox.Manifests.RemoveEntry("docker.io/library/gone:1", new(_amd64, new() { Platform = Oci.Platform.Current })));
        Assert.Null(_sandbox.Manifests.Remove("docker.io/library/gone:1"));
    }

    [Fact]
    public void Images_put_on_a_list_by_several_sessions_at_once_are_all_on_it()
    {
        Make("app:1");
        var images = Enumerable.Range(0, 16).Select(number => Sample.Image($"image {number}")).ToList();
        _sandbox.Images.Put(images);

        AtOnce.Run(4, part =>
        {
            using var database = _sandbox.OpenDatabase();
            foreach (var image in images.Where((_, number) => number % 4 == part))
            {
                Assert.True(new ManifestTable(database).TryPut(
                    "docker.io/library/app:1", [new(image.Id, new() { Platform = image.Config.Platform })]));
            }
        });

        Assert.Equal(images.Select(image => image.Manifest).Order(), Show("app:1").Images.Select(image => image.Digest).Order());
    }

    [Theory]
    [InlineData("none:1", "app:amd64", "ManifestNotFound")]
    [InlineData("app:1", "app:arm64", "ManifestImageNotFound")]
    [InlineData("app:1", "sha256:0000000000000000000000000000000000000000000000000000000000000000", "ManifestImageNotFound")]
    public void What_is_not_there_is_named(string list, string image, string id)
    {
        Make("app:1", "app:amd64");

        var error = Assert.Throws<ContainerEngineException>(
            () => new RemoveManifestImage(_sandbox.Manifests, _lookup, _sandbox.Collection).Execute(list, image));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(id == "ManifestNotFound" ? list : image, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arm64")]
    [InlineData("linux/")]
    public void Platform_that_is_none_changes_nothing(string platform)
    {
        Make("app:1", "app:amd64");

        var error = Assert.Throws<ContainerEngineException>(
            () => Change.Execute("app:1", "app:amd64", new() { Platform = platform, OsVersion = "1" }));

        Assert.Equal("InvalidArgument", error.ErrorId);
        Assert.Null(Assert.Single(Show("app:1").Images).OsVersion);
    }

    private ContainerManifest Make(string name, params string[] images) =>
        _new.Execute(new() { Name = name, Images = images }, cancellation: TestContext.Current.CancellationToken);

    private ContainerManifest Show(string name) => new GetManifests(_sandbox.Manifests, _lookup).Execute(name);

    private RemoveImage RemoveImage() => new(
        _sandbox.Images,
        new ImageLookup(_sandbox.Images),
        _sandbox.Containers,
        _sandbox.Manifests,
        _sandbox.Reconciliation,
        _sandbox.Collection,
        new ImageMounts(_sandbox.Paths));

    private static Dictionary<string, string?> Annotations(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
}
