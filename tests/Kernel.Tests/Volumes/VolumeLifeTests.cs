using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>Volumes come, are used by one container after the other, and go.</summary>
public sealed class VolumeLifeTests(TestHost host) : VolumeTest(host)
{
    [Fact]
    public void New_volume_that_is_mounted_at_two_places_is_made_once()
    {
        Assert.Equal("x", Say("touch /one/x; ls /other", Volume("data:/one", "data:/other")));

        Assert.Equal("data", Assert.Single(Services.GetVolumes.Execute()).Name);
    }

    [Fact]
    public void A_container_that_cannot_start_the_first_time_leaves_neither_itself_nor_its_volumes()
    {
        var creation = Volume("/cache")(Creation(["no-such-command"], null));

        Refused(() => Services.StartNewContainer.Execute(creation with { RemoveOnExit = false }), "CommandNotFound");
        Refused(() => Services.StartNewContainer.Execute(creation with { RemoveOnExit = true }), "CommandNotFound");

        Assert.Empty(Services.GetContainers.Execute());
        Assert.Empty(Services.GetVolumes.Execute());
        Assert.Empty(Directory.EnumerateFiles(Host.Paths.Locks));
    }

    [Fact]
    public void A_volume_outlives_its_containers()
    {
        Say("echo kept > /data/x; echo", Volume("data:/data"));

        Assert.Equal("kept", Say("cat /elsewhere/x", Volume("data:/elsewhere")));
        Assert.Empty(Look("data").Container);
    }

    [Fact]
    public void A_volume_that_a_container_has_is_not_removed()
    {
        var container = Start("sleep 600", Volume("data:/data"));

        var error = Refused(() => Services.RemoveVolume.Execute("data"), "VolumeInUse");
        Assert.Contains($"the container '{container.Name}'", error.Message, StringComparison.Ordinal);
        Services.StopContainer.Execute(container.Id, TimeSpan.Zero);
        Refused(() => Services.RemoveVolume.Execute("data"), "VolumeInUse");
        Assert.Equal([container.Name], Look("data").Container);

        Services.RemoveContainer.Execute(container.Id);
        Services.RemoveVolume.Execute("data");
        Assert.Empty(Services.GetVolumes.Execute());
    }

    [Fact]
    public void An_anonymous_volume_goes_with_its_container()
    {
        Say("touch /cache/x; echo", Volume("/cache"));
        Assert.Empty(Services.GetVolumes.Execute());

        var first = Start("touch /cache/y; sleep 600", Volume("/cache"));
        WaitUntil(() => File.Exists(Path.Join(Assert.Single(Services.GetVolumes.Execute()).Directory, "y")), "no file in the volume");
        var second = Start("sleep 600", creation => creation with { VolumesFrom = [first.Name] });
        Services.RemoveContainer.Execute(first.Id, force: true);
        Assert.True(File.Exists(Path.Join(Assert.Single(Services.GetVolumes.Execute()).Directory, "y")));
        Services.RemoveContainer.Execute(second.Id, force: true);
        Assert.Empty(Services.GetVolumes.Execute());
    }

    [Fact]
    public void Volumes_from_another_container_are_read_only_when_that_is_asked_for()
    {
        var first = Start("sleep 600", Volume("data:/data", $"{Folder}:/folder"));

        Assert.Equal(
            ["1", "1"],
            Run(
                "for f in /data /folder; do touch $f/x 2> /dev/null; echo $?; done",
                creation => creation with { VolumesFrom = [first.Name + ":ro"] }).Output);
        Assert.Equal("0", Say("touch /data/x; echo $?", creation => creation with { VolumesFrom = [first.Name] }));
    }

    [Fact]
    public void A_volume_gets_another_name_while_containers_have_it()
    {
        var container = Start("echo kept > /data/x; sleep 600", Volume("data:/data"));

        Services.RenameVolume.Execute("data", "archive");

        Assert.Equal("archive", Assert.Single(Services.GetContainer.Execute(container.Id).Mount).Source);
        Services.StopContainer.Execute(container.Id, TimeSpan.Zero);
        Services.StartContainer.Execute(container.Id);
        Assert.Equal("kept", Say("cat /d/x", Volume("archive:/d")));
        Refused(() => Look("data"), "VolumeNotFound");
    }

    [Fact]
    public void A_copy_has_all_that_the_volume_has()
    {
        Say(
            "cd /data; echo one > a; ln a b; ln -s a c; mkdir -m 1777 d; mkfifo e; chown 12:34 a; touch -d '2001-02-03 04:05:06' d; echo",
            Volume("data:/data"));

        Services.CopyVolume.Execute("data", "copy");

        const string Look = "cd /data; stat -c '%n %F %a %u %g %h' . a b c d e; stat -c %Y d; readlink c";
        Assert.Equal(Run(Look, Volume("data:/data")).Output, Run(Look, Volume("copy:/data")).Output);
        Refused(() => Services.CopyVolume.Execute("data", "copy"), "VolumeNameInUse");
    }

    [Fact]
    public void An_archive_brings_a_volume_back()
    {
        Say("cd /data; echo one > a; ln a b; ln -s a .wh.c; chown 12:34 a; mkdir -m 700 .wh..wh..opq; echo", Volume("data:/data"));
        var file = Path.Join(Folder, "data.tar");

        Services.ExportVolume.Execute("data", file);
        Refused(() => Services.ExportVolume.Execute("data", file), "ExportPathInUse");
        Services.ImportVolume.Execute(file, new VolumeCreation { Name = "again" });

        const string Look = "cd /data; stat -c '%n %F %a %u %g %h %s' . a b .wh.c .wh..wh..opq";
        Assert.Equal(Run(Look, Volume("data:/data")).Output, Run(Look, Volume("again:/data")).Output);
        Refused(() => Services.ImportVolume.Execute(file, new VolumeCreation { Name = "again" }), "VolumeNotEmpty");
        Services.ImportVolume.Execute(file, new VolumeCreation { Name = "again" }, force: true);
    }

    [Fact]
    public void An_archive_that_is_none_leaves_no_volume()
    {
        var file = Path.Join(Folder, "data.tar");
        File.WriteAllText(file, "this is no archive at all");

        Refused(() => Services.ImportVolume.Execute(file, new VolumeCreation { Name = "data" }), "VolumeFailed");
        Assert.Empty(Services.GetVolumes.Execute());
    }

    [Fact]
    public void A_mounted_volume_is_seen_on_the_host_and_stays()
    {
        Say("echo seen > /data/x; echo", Volume("data:/data"));

        var mounted = Services.MountVolume.Execute("data", Folder);
        Assert.Equal("seen\n", File.ReadAllText(Path.Join(Folder, "x")));
        var error = Refused(() => Services.RemoveVolume.Execute("data"), "VolumeInUse");
        Assert.Contains($"at '{Folder}'", error.Message, StringComparison.Ordinal);
        Assert.Equal([mounted.Path], Look("data").MountPoint);
        Services.DismountVolume.Execute("data");
        Assert.False(Path.Exists(Path.Join(Folder, "x")));
        Refused(() => Services.DismountVolume.Execute("data"), "VolumeNotMounted");
    }

    [Fact]
    public void Unused_volumes_are_those_that_nobody_has()
    {
        Make("one");
        Services.CreateVolume.Execute(new VolumeCreation());
        Start("sleep 600", Volume("two:/two", "/cache"));

        Assert.Single(Services.RemoveVolume.Unused(all: false));
        Assert.Equal(2, Services.RemoveVolume.Unused(all: true).Count);
        Assert.Contains("one", Services.RemoveVolume.Unused(all: true));
    }

    [Fact]
    public void Part_of_a_volume_is_shown_and_nothing_beyond_it()
    {
        Say("mkdir -p /data/a/b; echo inner > /data/a/b/x; echo outer > /data/y; ln -s ../../.. /data/a/up; echo", Volume("data:/data"));

        Assert.Equal("inner", Say("cat /part/x", With("source=data,target=/part,subpath=a/b")));
        Assert.Equal("inner", Say("cat /file", With("source=data,target=/file,subpath=a/b/x")));
        Assert.Equal("a y", Say("ls /part | xargs", With("source=data,target=/part,subpath=a/up")));
        Refused(() => Run("true", With("source=data,target=/part,subpath=nope")), "InvalidMount");
    }

    [Fact]
    public void Many_shells_use_and_remove_one_volume_at_once()
    {
        var shells = Enumerable.Range(0, 4).Select(i => Shell.Start(
            Host,
            "foreach ($n in 1..5) { Invoke-Container busybox -Remove -Network None -Volume data:/data "
            + $"-Command sh, -c, 'echo {i} >> /data/x'; "
            + "Remove-ContainerVolume data -ErrorAction SilentlyContinue }")).ToList();

        Assert.All(shells.Select(shell => HostCommand.Finish(shell)), result => Assert.Equal("", result.Error));
    }
}
