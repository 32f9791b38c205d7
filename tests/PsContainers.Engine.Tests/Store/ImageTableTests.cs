using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Store;

public sealed class ImageTableTests : IDisposable
{
    private const string Name = "docker.io/library/busybox:latest";

    private readonly EngineSandbox _sandbox = new();

    private ImageTable Images => _sandbox.Images;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void An_image_comes_back_as_it_was()
    {
        var image = Sample.Image("busybox", "docker.io/library/a:1", "docker.io/library/b:1");

        Images.Put(image);

        using var other = _sandbox.OpenDatabase();
        Assert.Equivalent(image, Images.Find(image.Id), strict: true);
        Assert.Equivalent(image, new ImageTable(other).Find(image.Id), strict: true);
        Assert.Equal(DateTimeKind.Utc, Images.Find(image.Id)!.Imported.Kind);
    }

    [Fact]
    public void An_image_without_names_and_layers_is_one_too()
    {
        var image = Sample.Image() with { Chains = [] };

        Images.Put(image);

        Assert.Equivalent(image, Images.Find(image.Id), strict: true);
        Assert.Empty(Images.Chains());
    }

    [Fact]
    public void An_image_is_found_by_each_of_its_keys()
    {
        var image = Sample.Image("busybox", Name);
        Images.Put(image);
        Images.Put(Sample.Image("other", "docker.io/library/other:latest"));

        Assert.Equal(image.Id, Images.FindByName(Name)!.Id);
        Assert.Equal(image.Id, Images.FindByManifest(image.Manifest)!.Id);
        Assert.Equal(image.Id, Assert.Single(Images.FindByPrefix(image.Id[..20], 4)).Id);
        Assert.Null(Images.FindByName("docker.io/library/busybox:1"));
        Assert.Null(Images.FindByManifest(image.Id));
        Assert.Equal(2, Images.FindByPrefix("sha256:", 4).Count);
    }

    [Fact]
    public void Names_that_change_are_seen_at_once()
    {
        var image = Sample.Image("busybox", Name);
        Images.Put(image);
        using var other = _sandbox.OpenDatabase();

        new ImageTable(other).Put(image with { Names = ["docker.io/library/box:1"] });

        Assert.Equal(["docker.io/library/box:1", Name], Images.Find(image.Id)!.Names);
    }

    [Fact]
    public void A_name_moves_to_the_image_that_is_imported_last()
    {
        var (old, young) = (Sample.Image("old", Name), Sample.Image("young", Name));

        Images.Put(old);
        Images.Put(young);

        Assert.Equal(young.Id, Images.FindByName(Name)!.Id);
        Assert.Empty(Images.Find(old.Id)!.Names);
    }

    [Fact]
    public void One_name_of_several_goes_alone()
    {
        Images.Put(Sample.Image("busybox", Name, "docker.io/library/box:1"));

        Images.RemoveName(Name);

        Assert.Equal(["docker.io/library/box:1"], Assert.Single(Images.All()).Names);
    }

    [Fact]
    public void An_image_that_nothing_needs_is_removed_with_all_its_rows()
    {
        var image = Sample.Image("busybox", Name);
        Images.Put(image);

        Images.Remove(image.Id);

        Assert.Null(Images.Find(image.Id));
        Assert.Null(Images.FindByName(Name));
        Assert.Empty(Images.Chains());
        Assert.Empty(Images.Documents());
    }

    [Fact]
    public void An_image_is_kept_out_of_sight_while_its_containers_need_it()
    {
        var image = Sample.Image("busybox", Name);
        Images.Put(image);
        var first = _sandbox.Add(Sample.Container("a", "first"));
        var second = _sandbox.Add(Sample.Container("b", "second"));

        Images.Remove(image.Id);

        Assert.Empty(Images.All());
        Assert.Null(Images.FindByName(Name));
        Assert.Null(Images.FindByManifest(image.Manifest));
        Assert.Empty(Images.FindByPrefix(image.Id, 1));
        Assert.Equal(image.Chains, Images.Find(image.Id)!.Chains);
        Assert.Equal(image.Chains.ToHashSet(), Images.Chains());

        Assert.False(_sandbox.Containers.Delete(first).NeedsCollection);
        Assert.NotNull(Images.Find(image.Id));

        Assert.True(_sandbox.Containers.Delete(second).NeedsCollection);
        Assert.Null(Images.Find(image.Id));
        Assert.Empty(Images.Chains());
    }

    [Fact]
    public void An_image_that_was_not_removed_stays_when_its_last_container_goes()
    {
        Images.Put(Sample.Image());
        var row = _sandbox.Add(Sample.Container());

        Assert.False(_sandbox.Containers.Delete(row).NeedsCollection);

        Assert.Single(Images.All());
    }

    [Fact]
    public void A_removed_image_comes_back_when_it_is_imported_again()
    {
        var image = Sample.Image("busybox", Name);
        Images.Put(image);
        var row = _sandbox.Add(Sample.Container());
        Images.Remove(image.Id);

        Images.Put(image with { Manifest = Sample.DigestOf("new manifest").ToString(), Size = 1 });

        var found = Assert.Single(Images.All());
        Assert.Equal((Sample.DigestOf("new manifest").ToString(), 1, image.Chains.Count), (found.Manifest, found.Size, found.Chains.Count));
        Assert.False(_sandbox.Containers.Delete(row).NeedsCollection);
        Assert.Single(Images.All());
    }

    [Fact]
    public void Images_share_layers()
    {
        var first = Sample.Image("first");
        var second = Sample.Image("second") with { Chains = [first.Chains[0], Sample.DigestOf("own")] };
        Images.Put(first);
        Images.Put(second);

        Images.Remove(first.Id);

        Assert.Equal(second.Chains.ToHashSet(), Images.Chains());
        Assert.Equal([(Oci.Digest.Parse(second.Manifest), Oci.Digest.Parse(second.Id))], Images.Documents());
    }
}
