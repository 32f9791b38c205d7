using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Kernel.Tests.Mounts;

public sealed class DeviceNodeTests(TestHost host) : MountTest(host)
{
    [Fact]
    public void Device_has_what_the_specification_says()
    {
        var said = RunBundle(WithDevices(
            "stat -c '%n %F %t,%T %a %u:%g' /dev/fuse /deep/down/disk /dev/pipe /dev/u",
            Device("/dev/fuse", "c", 10, 229) with { FileMode = 0x180, Uid = 5, Gid = 6 },
            Device("/deep/down/disk", "b", 7, 1000),
            Device("/dev/pipe", "p", 0, 0) with { FileMode = 0x11a4 },
            Device("/dev/u", "u", 1, 3))).Text();

        Assert.Equal(
            "/dev/fuse character special file a,e5 600 5:6\n/deep/down/disk block special file 7,3e8 666 0:0\n"
            + "/dev/pipe fifo 0,0 644 0:0\n/dev/u character special file 1,3 666 0:0",
            said);
    }

    [Fact]
    public void Default_devices_are_there_without_a_mount_on_dev()
    {
        var spec = Spec("stat -c %t,%T /dev/null /dev/tty; readlink /dev/fd; readlink /dev/ptmx");

        var result = RunBundle(spec with { Mounts = [.. WithoutDev(spec)] });

        Assert.Equal("1,3\n5,0\n/proc/self/fd\npts/ptmx", result.Text());
    }

    [Fact]
    public void Node_that_the_image_brings_is_taken_when_it_is_the_same()
    {
        HostCommand.Run("/bin/mknod", Path.Join(RootPath, "node"), "c", "1", "5").Text();

        Assert.Equal("1,5", RunBundle(WithDevices("stat -c %t,%T /node", Device("/node", "c", 1, 5))).Text());
        Assert.Contains(
            "mknod(/node): something else is there already", Refusal(WithDevices("true", Device("/node", "c", 1, 3))),
            StringComparison.Ordinal);
        Assert.Contains(
            "mknod(/etc/passwd): something else is there already", Refusal(WithDevices("true", Device("/etc/passwd", "c", 1, 3))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_made_in_a_dev_of_the_host()
    {
        var dev = MountOnHost("dev");
        File.WriteAllText(Path.Join(dev, "mine"), "");
        var spec = WithDevices("ls /dev", Device("/dev/fuse", "c", 10, 229));

        var result = RunBundle(spec with
        {
            Mounts = [Bind(dev, "/dev"), .. WithoutDev(spec)],
        });

        Assert.Equal("mine", result.Text());
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(dev).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("dev/x", "c", 1, 3, 0, "linux.devices[0].path")]
    [InlineData("/dev/x", "x", 1, 3, 0, "linux.devices[0].type")]
    [InlineData("/dev/x", "c", -1, 3, 0, "linux.devices[0].major")]
    [InlineData("/dev/x", "c", 4096, 3, 0, "linux.devices[0].major")]
    [InlineData("/dev/x", "b", 1, 1048576, 0, "linux.devices[0].minor")]
    [InlineData("/dev/x", "c", 1, 3, 0x10000, "linux.devices[0].fileMode")]
    public void Impossible_device_is_refused_by_its_field(string path, string type, long major, long minor, int mode, string named) =>
        Assert.Contains(
            named + ":", Refusal(WithDevices("true", Device(path, type, major, minor) with { FileMode = (uint)mode })),
            StringComparison.Ordinal);

    [Fact]
    public void Node_of_the_host_can_be_bound_in_place_of_a_new_one()
    {
        using var launched = Launch(new BindDevice("/dev/zero", "/dev/bound", 0x2000, 1, 5), "head -c 3 /dev/bound | wc -c");
        using var reader = new StreamReader(new MemoryStream(ReadAll(launched)));

        Assert.Equal("3", reader.ReadToEnd().TrimEnd());
        Assert.Equal(0, launched.WaitForExit()!.ExitCode);
    }

    [Fact]
    public void Node_of_the_host_that_is_another_is_refused()
    {
        // What stands for null in a container must swallow, not tell (CVE-2025-31133).
        var error = Assert.Throws<LaunchFailedException>(() => Launch(new BindDevice("/dev/zero", "/dev/bound", 0x2000, 1, 3), "true"));

        Assert.Contains("mount(/dev/zero on /dev/bound): the source is not what it should be", error.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENODEV, error.Errno);
    }

    private static IEnumerable<Mount> WithoutDev(RuntimeSpec spec) =>
        spec.Mounts!.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal));

    private static byte[] ReadAll(LauncherProcess launched)
    {
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        int count;
        while ((count = launched.StandardOutput!.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private LauncherProcess Launch(LaunchStep step, string script)
    {
        var spec = Spec(script);
        var plan = LaunchPlan.Build(spec, new LaunchOptions
        {
            Id = "device",
            RootPath = RootPath,
            Cgroups = CgroupPlan.Build(CgroupHierarchies.OfSelf(), spec.Linux!.CgroupsPath!, spec.Linux.Resources),
        });
        var pivot = plan.ContainerSteps.TakeWhile(s => s is not PivotRoot).Count();
        return LauncherProcess.Start(
            Repository.Launcher,
            plan with { ContainerSteps = [.. plan.ContainerSteps.Take(pivot), step, .. plan.ContainerSteps.Skip(pivot)] },
            attach: true);
    }

    private RuntimeSpec WithDevices(string script, params LinuxDevice[] devices)
    {
        var spec = Spec(script);
        return spec with { Linux = spec.Linux! with { Devices = devices } };
    }

    private static LinuxDevice Device(string path, string type, long major, long minor) =>
        new() { Path = path, Type = type, Major = major, Minor = minor };
}
