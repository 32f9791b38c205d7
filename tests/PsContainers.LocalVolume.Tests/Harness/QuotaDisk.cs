using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Interop;

namespace PsContainers.LocalVolume.Tests.Harness;

/// <summary>A file system that can limit directories, with the driver's folder for what stays on it.</summary>
internal sealed unsafe class QuotaDisk : IDisposable
{
    private readonly LocalHost _host;

    internal QuotaDisk(LocalHost host, string type)
    {
        _host = host;
        var (program, arguments, option) = type == "xfs"
            ? ("/usr/sbin/mkfs.xfs", Array.Empty<string>(), "pquota")
            : ("/usr/sbin/mkfs.ext4", ["-O", "project,quota", "-E", "quotatype=prjquota"], "prjquota");
        Assert.SkipUnless(File.Exists(program), $"needs {program}");
        var image = Path.Combine(host.Sandbox.Devices, "disk.image");
        using (var file = File.Create(image))
        {
            file.SetLength(512 << 20);
        }

        LocalHost.Do(program, ["-q", .. arguments, image]);
        Root = Directory.CreateDirectory(Path.Combine(host.Sandbox.Devices, "disk")).FullName;
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "needs a kernel with loop devices");
        using (var device = LoopDevice.Attach(image, isReadOnly: false))
        {
            try
            {
                HostMount.Attach(type, device.Path, Root, HostMountFlags.None, option);
            }
            catch (LinuxException e)
            {
                Assert.Skip($"needs a kernel with project quotas of {type}: {e.Message}");
            }
        }

        var refusal = ProjectQuota.Refusal(Root);
        Assert.SkipUnless(refusal is null, $"needs a kernel with project quotas of {type}: {refusal}");
        Environment = host.Sandbox.Environment with { StateDirectory = Directory.CreateDirectory(Path.Combine(Root, "state")).FullName };
    }

    internal string Root { get; }

    internal DriverEnvironment Environment { get; }

    internal LocalVolumeDriver Driver => new(Environment);

    internal VolumeRecord Create(string options, char digit = 'a')
    {
        var volume = Driver.Define(LocalHost.Wanted(options) with { Id = new string(digit, 64) });
        return new() { Volume = volume, Result = Driver.Create(volume, default) };
    }

    internal static uint ProjectOf(string directory)
    {
        using var opened = DirectoryDescriptor.Open(directory);
        Libc.FileAttributes attributes;
        Assert.Equal(0, Libc.ioctl_attributes(opened.Number, Libc.FS_IOC_FSGETXATTR, &attributes));
        return attributes.ProjectId;
    }

    internal void SetProject(string directory, uint id)
    {
        using var opened = DirectoryDescriptor.Open(directory);
        Libc.FileAttributes attributes;
        Assert.Equal(0, Libc.ioctl_attributes(opened.Number, Libc.FS_IOC_FSGETXATTR, &attributes));
        attributes.ProjectId = id;
        attributes.Flags |= Libc.FS_XFLAG_PROJINHERIT;
        Assert.Equal(0, Libc.ioctl_attributes(opened.Number, Libc.FS_IOC_FSSETXATTR, &attributes));
    }

    /// <summary>What the file system knows of a project: its limit and what it takes, in bytes.</summary>
    internal (long Limit, long Used) Quota(uint id)
    {
        using var opened = DirectoryDescriptor.Open(Root);
        Libc.QuotaBlock block = default;
        const uint command = (Libc.Q_GETQUOTA << 8) | Libc.PRJQUOTA;
        _ = Libc.quotactl_fd(SyscallNumber.QuotaCtlFd, opened.Number, command, id, &block);
        return ((long)block.HardLimit * 1024, (long)block.Used);
    }

    public void Dispose() => HostMount.DetachAll(Root);
}
