using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>Each option of a mount, seen from inside the container.</summary>
public sealed class MountTests(TestHost host) : VolumeTest(host)
{
    private string Here => $"type=bind,source={Folder},target=/data";

    [Fact]
    public void A_bind_is_the_very_folder_of_the_host()
    {
        File.WriteAllText(Path.Join(Folder, "in"), "from the host");

        Assert.Equal("from the host", Say("cat /data/in; echo from inside > /data/out", With($"type=bind,source={Folder},target=/data")));
        Assert.Equal("from inside\n", File.ReadAllText(Path.Join(Folder, "out")));
    }

    [Fact]
    public void A_file_is_bound_over_a_file()
    {
        var file = Path.Join(Folder, "motd");
        File.WriteAllText(file, "hello\n");

        Assert.Equal("hello", Say("cat /etc/group", With($"type=bind,source={file},target=/etc/group,readonly")));
    }

    [Fact]
    public void What_is_read_only_cannot_be_written_not_even_through_a_remount() => Assert.Equal(
        ["1", "1", "1"],
        Run(
            "touch /data/x 2> /dev/null; echo $?; mount -o remount,rw,bind /data 2> /dev/null; echo $?; "
            + "touch /data/x 2> /dev/null; echo $?",
            With($"type=bind,source={Folder},target=/data,readonly")).Output);

    [Fact]
    public void Mounts_below_a_read_only_bind_are_read_only_as_well_unless_that_is_not_wanted()
    {
        const string Write = "for f in /data /data/below; do touch $f/x 2> /dev/null; echo $?; done";
        var below = Directory.CreateDirectory(Path.Join(Folder, "below")).FullName;
        HostMount.Attach("tmpfs", "tmpfs", below, HostMountFlags.None, "");
        try
        {
            Assert.Equal(["1", "1"], Run(Write, With($"{Here},readonly")).Output);
            Assert.Equal(["1", "0"], Run(Write, With($"{Here},readonly,bind-recursive=writable")).Output);
            Assert.Equal(["0", "0"], Run(Write, With($"{Here},bind-recursive=disabled")).Output);
            File.WriteAllText(Path.Join(below, "mounted"), "");
            Assert.Equal("1", Say("ls /data/below/mounted 2> /dev/null; echo $?", With($"{Here},bind-recursive=disabled")));
        }
        finally
        {
            HostMount.DetachAll(below);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nosuid,nodev,noexec", "nosuid,nodev,noexec")]
    [InlineData("noexec", "noexec")]
    public void Restrictions_of_a_bind_are_the_kernels(string asked, string expected)
    {
        var options = Say(
            "grep ' /data ' /proc/self/mountinfo | cut -d ' ' -f 6",
            With($"type=bind,source={Folder},target=/data{(asked.Length > 0 ? "," + asked : "")}"));

        Assert.Equal(
            expected.Split(',', StringSplitOptions.RemoveEmptyEntries),
            options.Split(',').Where(option => option is "nosuid" or "nodev" or "noexec"));
    }

    [Fact]
    public void A_program_on_a_noexec_mount_does_not_run() => Assert.Equal(
        "126",
        Say(
            "cp /bin/busybox /data/busybox; /data/busybox true 2> /dev/null; echo $?",
            With($"type=bind,source={Folder},target=/data,noexec")));

    [Theory]
    [InlineData("rslave", "later")]
    [InlineData("rprivate", "")]
    public void What_the_host_mounts_later_is_seen_as_the_propagation_says(string propagation, string expected)
    {
        HostMount.Bind(Folder, Folder, HostMountFlags.None, isRecursive: false);
        HostCommand.Run("/usr/bin/mount", "--make-shared", Folder).Text();
        var point = Directory.CreateDirectory(Path.Join(Folder, "point")).FullName;
        try
        {
            var container = Start(
                "echo ready; while [ ! -e /data/go ]; do sleep 0.02; done; ls /data/point; echo end",
                With($"type=bind,source={Folder},target=/data,bind-propagation={propagation}"));
            WaitForLine(container, "ready");
            HostCommand.Run("/usr/bin/mount", "-t", "tmpfs", "tmpfs", point).Text();
            File.WriteAllText(Path.Join(point, "later"), "");
            File.WriteAllText(Path.Join(Folder, "go"), "");
            WaitForLine(container, "end");
            Assert.Equal(expected, string.Join(' ', Log(container).Where(line => line is not ("ready" or "end"))));
        }
        finally
        {
            HostMount.DetachAll(point);
            HostMount.DetachAll(Folder);
        }
    }

    [Theory]
    [InlineData("rshared", true)]
    [InlineData("rslave", false)]
    public void What_the_container_mounts_is_seen_by_the_host_only_where_that_is_shared(string propagation, bool isSeen)
    {
        HostMount.Bind(Folder, Folder, HostMountFlags.None, isRecursive: false);
        HostCommand.Run("/usr/bin/mount", "--make-shared", Folder).Text();
        var point = Directory.CreateDirectory(Path.Join(Folder, "point")).FullName;
        try
        {
            var container = Start(
                "mount -t tmpfs tmpfs /data/point && touch /data/point/inside; echo ready; "
                + "while [ ! -e /data/go ]; do sleep 0.02; done; umount /data/point; echo end",
                creation => With($"type=bind,source={Folder},target=/data,bind-propagation={propagation}")(creation) with
                {
                    Privileged = true,
                });
            WaitForLine(container, "ready");
            Assert.Equal(isSeen, File.Exists(Path.Join(point, "inside")));
            File.WriteAllText(Path.Join(Folder, "go"), "");
            WaitForLine(container, "end");
            Assert.False(File.Exists(Path.Join(point, "inside")));
        }
        finally
        {
            HostMount.DetachAll(point);
            HostMount.DetachAll(Folder);
        }
    }

    [Fact]
    public void Source_on_a_mount_of_the_host_alone_cannot_be_shared()
    {
        HostMount.Bind(Folder, Folder, HostMountFlags.None, isRecursive: false);
        HostCommand.Run("/usr/bin/mount", "--make-private", Folder).Text();
        try
        {
            var error = Refused(
                () => Run("true", With($"type=bind,source={Folder},target=/data,bind-propagation=shared")), "InvalidMount");

            Assert.Contains($"'{Folder}', which is not shared", error.Message, StringComparison.Ordinal);
            Assert.Empty(Services.GetContainers.Execute());
        }
        finally
        {
            HostMount.DetachAll(Folder);
        }
    }

    [Theory]
    [InlineData("readonly", "ro")]
    [InlineData("noexec", "noexec")]
    [InlineData("nosuid", "nosuid")]
    public void Part_of_a_volume_has_the_options_of_its_mount(string asked, string expected)
    {
        Directory.CreateDirectory(Path.Join(Make("data").Directory, "part"));

        var options = Say(
            "grep ' /part ' /proc/self/mountinfo | cut -d ' ' -f 6", With($"source=data,target=/part,subpath=part,{asked}"));

        Assert.Contains(expected, options.Split(','));
    }

    [Fact]
    public void Part_of_a_volume_belongs_to_the_containers_own_ids()
    {
        Assert.SkipUnless(CanMapIds, NoMapping);
        Directory.CreateDirectory(Path.Join(Make("data").Directory, "part"));

        Assert.Equal("0", Say("stat -c %u /part", creation =>
            With("source=data,target=/part,subpath=part")(creation) with { UserNamespace = "Private" }));
    }

    [Fact]
    public void Tmpfs_has_the_size_and_mode_that_were_asked_for()
    {
        var said = Run(
            "df -k /scratch | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2; stat -c %a /scratch; "
            + "head -c 2000000 /dev/zero > /scratch/x 2> /dev/null; echo $?; grep ' /scratch ' /proc/self/mountinfo | cut -d ' ' -f 6",
            With("type=tmpfs,target=/scratch,size=1m,mode=750")).Output;

        Assert.Equal(["1024", "750", "1"], said.Take(3));
        Assert.Equal("rw,nosuid,nodev,noexec", string.Join(',', said[3].Split(',').Where(option => option != "relatime")));
    }

    [Fact]
    public void Tmpfs_is_empty_at_each_start()
    {
        var container = Start("ls /scratch | wc -l; touch /scratch/x", With("type=tmpfs,target=/scratch"));
        Wait(container);
        Services.StartContainer.Execute(container.Id);
        Wait(container);

        Assert.Equal(["0", "0"], Log(container));
    }

    [Fact]
    public void Terminals_of_ones_own_are_none_of_the_containers() => Assert.Equal(
        "0", Say("ls /terminals | grep -v ptmx | wc -l", With("type=devpts,target=/terminals")));

    [Fact]
    public void Source_is_made_only_when_that_is_asked_for()
    {
        var source = Path.Join(Folder, "deep/er");

        Refused(() => Run("true", With($"type=bind,source={source},target=/data")), "MountSourceNotFound");
        Assert.Empty(Services.GetContainers.Execute());
        Assert.False(Path.Exists(source));
        Say("touch /data/x; echo", With($"type=bind,source={source},target=/data,create-source"));
        Assert.True(File.Exists(Path.Join(source, "x")));
    }

    [Fact]
    public void Source_that_cannot_be_made_is_told_with_the_reason()
    {
        File.WriteAllText(Path.Join(Folder, "file"), "");

        var error = Refused(() => Run("true", With($"type=bind,source={Folder}/file/below,target=/data,create-source")), "InvalidMount");

        Assert.Contains("its source cannot be made", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("source=data,target=/data")]
    [InlineData("type=bind,source=FOLDER/new,target=/data,create-source")]
    public void What_is_not_shared_when_the_container_starts_cannot_be_shared(string mount)
    {
        Assert.SkipWhen(MountInfo.Of(Folder)!.IsShared, "the engine's folders lie on a mount that is shared");
        var shared = With(mount.Replace("FOLDER", Folder, StringComparison.Ordinal) + ",bind-propagation=shared");

        Assert.Contains("which is not shared", Refused(() => Run("true", shared), "InvalidMount").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_that_went_since_the_container_was_made_is_told_at_its_start()
    {
        var source = Directory.CreateDirectory(Path.Join(Folder, "gone")).FullName;
        var container = Services.CreateContainer.Execute(
            Creation(["true"], With($"type=bind,source={source},target=/data")) with { RemoveOnExit = false });
        Directory.Delete(source);

        Refused(() => Services.StartContainer.Execute(container.Id), "MountSourceNotFound");
        Assert.Contains("does not exist", Services.GetContainer.Execute(container.Id).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_user_mounts_takes_the_place_of_the_engines_own()
    {
        File.WriteAllText(Path.Join(Folder, "hosts"), "192.0.2.9 elsewhere\n");

        Assert.Equal(
            ["192.0.2.9 elsewhere", "32768"],
            Run(
                "cat /etc/hosts; df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2",
                With($"type=bind,source={Folder}/hosts,target=/etc/hosts", "type=tmpfs,target=/dev/shm,size=32m")).Output);
    }

    [Fact]
    public void A_target_behind_a_symbolic_link_stays_inside_the_container()
    {
        // busybox has /bin/sh -> busybox and so on; a link of the image that leads to the host's /etc by its absolute path.
        var volume = Make("links");
        Directory.CreateSymbolicLink(Path.Join(volume.Directory, "out"), "/etc");

        Say(
            "ls /etc/marked; echo",
            With("type=volume,source=links,target=/links", $"type=bind,source={Folder},target=/links/out/marked"));
        Assert.False(Path.Exists("/etc/marked"), "the host's /etc got a mount point");
    }

    [Fact]
    public void Ids_of_a_bind_are_the_containers_own_with_idmap()
    {
        Assert.SkipUnless(CanMapIds, NoMapping);
        const string Owners = "touch /data/made; stat -c %u /data/given /data/made";
        File.WriteAllText(Path.Join(Folder, "given"), "");
        Func<ContainerCreation, ContainerCreation> mapped = creation =>
            With($"type=bind,source={Folder},target=/data,idmap")(creation) with { UserNamespace = "Private" };

        Assert.Equal(["0", "0"], Run(Owners, mapped).Output);
        using var folder = DirectoryDescriptor.Open(Folder);
        Assert.Equal(0u, folder.StatusOf("made")!.Value.UserId);
    }

    [Fact]
    public void Twenty_mounts_are_all_there()
    {
        var mounts = Enumerable.Range(0, 20).Select(i => $"type=bind,source={Directory.CreateDirectory($"{Folder}/{i}")},target=/m/{i}");

        Assert.Equal("20", Say("grep -c ' /m/' /proc/self/mountinfo", With([.. mounts])));
    }
}
