using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>The files of another image, to be read only.</summary>
public sealed class ImageMountTests(TestHost host) : VolumeTest(host)
{
    [Fact]
    public void Another_image_is_seen_and_cannot_be_written()
    {
        Assert.Equal(
            ["0", "1"],
            Run(
                "ls /other/bin/busybox > /dev/null; echo $?; touch /other/x 2> /dev/null; echo $?",
                With("type=image,source=busybox,target=/other")).Output);
        Assert.Equal("0", Say("ls /tools/busybox > /dev/null; echo $?", With("type=image,source=busybox,target=/tools,subpath=bin")));
    }

    [Fact]
    public void An_image_of_several_layers_is_seen_whole()
    {
        MakeLayered();

        Assert.Equal(
            ["two", "0"],
            Run(
                "cat /other/etc/layered; ls /other/bin/busybox > /dev/null; echo $?",
                With("type=image,source=layered,target=/other")).Output);
        Assert.Equal("two", Say("cat /conf/layered", With("type=image,source=layered,target=/conf,subpath=etc")));
        Services.RemoveImage.Execute("layered");
    }

    [Theory]
    [InlineData("busybox")]
    [InlineData("layered")]
    public void Owners_are_the_images_where_the_container_has_users_of_its_own(string image)
    {
        Assert.SkipUnless(CanMapIds, NoMapping);
        MakeLayered();

        Assert.Equal(
            "0",
            Say(
                "stat -c %u /other/bin/busybox",
                creation => With($"type=image,source={image},target=/other")(creation) with { UserNamespace = "Private" }));
        Services.RemoveImage.Execute("layered");
    }

    [Fact]
    public void An_image_that_a_container_shows_is_not_removed()
    {
        MakeLayered();
        var container = Start("sleep 600", With("type=image,source=layered,target=/other"));

        Refused(() => Services.RemoveImage.Execute("layered", force: true), "ImageInUse");
        Services.RemoveContainer.Execute(container.Id, force: true);
        Services.RemoveImage.Execute("layered");
    }

    [Fact]
    public void An_image_that_is_none_is_refused()
    {
        Refused(() => Run("true", With("type=image,source=nope,target=/other")), "ImageNotFound");
        Assert.Empty(Services.GetContainers.Execute());
    }

    private void MakeLayered()
    {
        var container = Start("echo two > /etc/layered");
        Wait(container);
        Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "layered" });
        Services.RemoveContainer.Execute(container.Id);
    }
}
