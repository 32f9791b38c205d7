using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>Drivers whose volumes are mounted while somebody uses them.</summary>
public sealed class DriverTests(TestHost host) : VolumeTest(host)
{
    [Fact]
    public void Containers_share_a_volume_in_memory_as_long_as_one_of_them_runs()
    {
        Make("shared", "tmpfs", ("size", "1m"));
        var first = Start("echo one > /data/x; sleep 600", Volume("shared:/data"));
        WaitUntil(
            () => Say("cat /data/x 2> /dev/null; true", Volume("shared:/data")) == "one",
            "the second one does not see the first one's file");

        Assert.Equal("1024", Say("df -k /data | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2", Volume("shared:/data")));
        Services.StopContainer.Execute(first.Id, TimeSpan.Zero);
        Assert.Equal("0", Say("ls /data | wc -l", Volume("shared:/data")));
    }

    [Fact]
    public void What_a_killed_container_had_mounted_is_given_back()
    {
        Make("shared", "tmpfs");
        var container = Start("sleep 600", Volume("shared:/data"));
        Assert.NotEmpty(Mounts());

        HostCommand.Run("/bin/kill", "-9", ParentOf(container.ProcessId!.Value)).Text();
        WaitUntil(() => Services.GetContainer.Execute(container.Id).Status == ContainerStatus.Stopped, "it does not end");

        Assert.Empty(Mounts());
    }

    [Fact]
    public void Options_of_docker_mount_what_they_say()
    {
        Make("memory", "local", ("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=2m,uid=7"));
        Make("folder", "local", ("type", "none"), ("device", Folder), ("o", "bind,ro"));

        Assert.Equal(
            ["2048 7", "1"],
            Run(
                "echo $(df -k /a | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2) $(stat -c %u /a); touch /b/x 2> /dev/null; echo $?",
                Volume("memory:/a", "folder:/b")).Output);
    }

    [Fact]
    public void An_option_that_the_driver_does_not_know_is_refused_before_anything_is_made()
    {
        var error = Refused(() => Make("data", "local", ("color", "red")), "VolumeInvalid");
        Assert.Contains("options.color", error.Message, StringComparison.Ordinal);
        Refused(() => Make("data", "floppy"), "VolumeDriverNotFound");
        Refused(() => Make("da/ta"), "VolumeNameInvalid");
        Refused(() => Run("true", With("source=data,target=/data,volume-opt=color=red")), "VolumeInvalid");
        Assert.Empty(Services.GetVolumes.Execute());
        Assert.Empty(Services.GetContainers.Execute());
    }

    [Fact]
    public void A_mount_that_fails_leaves_nothing()
    {
        Make("broken", "local", ("type", "ext4"), ("device", "/dev/null"));

        var error = Assert.Throws<ContainerEngineException>(() => Run("true", Volume("broken:/data")));

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.Empty(Services.GetContainers.Execute());
        Assert.Empty(Mounts());
    }

    private string[] Mounts() => [.. File.ReadAllLines("/proc/self/mountinfo").Where(IsOfDriver)];

    private static string ParentOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
    }
}
