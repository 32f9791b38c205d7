using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>An empty volume gets what the image has where it is mounted.</summary>
public sealed class CopyUpTests(TestHost host) : VolumeTest(host)
{
    [Fact]
    public void An_empty_volume_is_filled_from_the_image_once()
    {
        var inImage = Say("cd /etc; stat -c '%n %F %a %u %s %Y' * | grep -v -e ^hosts -e ^hostname -e ^resolv.conf | xargs");
        Assert.Contains("passwd regular file", inImage, StringComparison.Ordinal);

        Assert.Equal(
            inImage,
            Say("cd /etc; stat -c '%n %F %a %u %s %Y' * | grep -v -e ^hosts -e ^hostname -e ^resolv.conf | xargs", Volume("conf:/etc")));
        Say("echo changed > /etc/group; echo", Volume("conf:/etc"));
        Assert.Equal("changed", Say("cat /etc/group", Volume("conf:/etc")));
        Assert.Equal(ContainerVolumeStatus.Ready, Look("conf").Status);
    }

    [Fact]
    public void A_volume_that_has_files_is_left_as_it_is()
    {
        Say("echo own > /data/x; echo", Volume("data:/data"));

        Assert.Equal("x", Say("ls /etc | grep -v -x -e hosts -e hostname -e resolv.conf", Volume("data:/etc")));
    }

    [Fact]
    public void Nothing_is_copied_where_that_is_not_wanted() => Assert.Equal(
        "1", Say("ls /etc/passwd > /dev/null 2>&1; echo $?", With("source=data,target=/etc,nocopy")));

    [Fact]
    public void Nothing_is_copied_where_a_part_of_the_volume_is_wanted()
    {
        Make("data");

        Refused(() => Run("true", With("source=data,target=/etc,subpath=part")), "InvalidMount");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Look("data").Directory!));
    }

    [Fact]
    public void Files_of_all_layers_are_copied()
    {
        var container = Start("mkdir /conf; echo two > /conf/x; rm /etc/group; touch /etc/layered");
        Wait(container);
        Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "layered" });
        Services.RemoveContainer.Execute(container.Id);

        Assert.Equal(
            ["/etc/layered", "/etc/passwd"],
            Run(
                "ls /etc/group /etc/layered /etc/passwd 2> /dev/null; exit 0",
                creation => Volume("conf:/etc")(creation) with { Image = "layered" }).Output);
        Services.RemoveImage.Execute("layered");
    }

    [Fact]
    public void Owner_and_mode_are_the_images()
    {
        Assert.Equal("1777 0", Say("stat -c '%a %u' /tmp", Volume("scratch:/tmp")));
        Assert.Equal("1777 0", Say("stat -c '%a %u' /else", Volume("scratch:/else")));
    }

    [Fact]
    public void What_the_image_declares_as_a_volume_is_one()
    {
        MakeDeclaringImage();

        var container = Services.StartContainer.Execute(Services.CreateContainer.Execute(
            new ContainerCreation { Image = "declares", Command = ["sh", "-c", "touch /declared/x; sleep 600"] }).Id);
        var volume = Assert.Single(Services.GetVolumes.Execute());
        Assert.True(volume.Anonymous);
        WaitUntil(() => File.Exists(Path.Join(volume.Directory, "x")), "no file in the volume");
        Services.RemoveContainer.Execute(container.Id, force: true);
        Services.RemoveImage.Execute("declares");
    }

    private void MakeDeclaringImage()
    {
        var container = Start("true");
        Wait(container);
        Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "declares", Volumes = ["/declared"] });
        Services.RemoveContainer.Execute(container.Id);
    }
}
