using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Kernel.Tests.Security;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>
/// A shell is killed at many of the system calls that change something of a volume. The next command succeeds, no volume is half full, and
/// when all are removed nothing of them is left.
/// </summary>
[Trait("Needs", OnlyOnHost)]
public sealed class KilledVolumeTests(TestHost host) : VolumeTest(host)
{
    private const string Changing =
        "mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mount,umount2,fchownat,linkat,symlinkat,pwrite64,vfork";

    [Theory]
    [InlineData("New", 3)]
    [InlineData("Remove", 4)]
    [InlineData("Copy", 6)]
    [InlineData("Import", 5)]
    [InlineData("Start", 7)]
    [InlineData("End", 5)]
    [InlineData("Mount", 3)]
    public void Killed_command_leaves_every_volume_whole_or_gone(string operation, int moments)
    {
        Prepare(operation);
        var calls = KilledShell.Trace(Host, Script(operation), Changing).FindAll(IsAboutVolumes);
        Clear();

        var killed = 0;
        foreach (var moment in KilledShell.Spread(calls, moments))
        {
            Prepare(operation);
            killed += KilledShell.RunTo(Host, Script(operation), moment) ? 0 : 1;
            KilledShell.About(moment, () => Check(operation));
        }

        Assert.True(killed > moments / 2, $"{killed} of {moments} were killed");
    }

    private string Script(string operation) => operation switch
    {
        "New" => "$null = New-ContainerVolume data",
        "Remove" => "Remove-ContainerVolume data",
        "Copy" => "$null = Copy-ContainerVolume data copy",
        "Import" => $"$null = Import-ContainerVolume '{Archive}' copy",
        "Start" => "$null = Start-Container -Image busybox -Name killed -Volume conf:/etc, memory:/m, /cache -Command sleep, 1000",
        "End" => "Remove-Container killed -Force",
        _ => $"$null = Mount-ContainerVolume memory '{Folder}'; Dismount-ContainerVolume memory",
    };

    private string Archive => Path.Join(Host.Scratch, "data.tar");

    private static bool IsAboutVolumes(SystemCallTrace.Entry entry) =>
        entry.Text.Contains("/plugins/", StringComparison.Ordinal) || entry.Text.Contains("pscontainers.db", StringComparison.Ordinal)
        || entry.Text.Contains(".volume", StringComparison.Ordinal)
        || entry.Call is "mount" or "umount2" or "vfork" or "linkat" or "symlinkat";

    private void Prepare(string operation)
    {
        if (operation is "Remove" or "Copy" or "Import")
        {
            Say(
                "cd /data; for n in 1 2 3 4 5 6; do mkdir d$n; echo $n > d$n/f; ln d$n/f l$n; ln -s l$n s$n; done; echo",
                Volume("data:/data"));
        }

        switch (operation)
        {
            case "Import":
                Services.ExportVolume.Execute("data", Archive, overwrite: true);
                break;
            case "Start" or "Mount":
                Make("memory", "tmpfs");
                break;
            case "End":
                Make("memory", "tmpfs");
                Services.StartContainer.Execute(Services.CreateContainer.Execute(Creation(
                    ["sleep", "1000"],
                    creation => Volume("conf:/etc", "memory:/m", "/cache")(creation) with { Name = "killed", RemoveOnExit = false })).Id);
                break;
        }
    }

    private void Check(string operation)
    {
        switch (operation)
        {
            case "Copy" or "Import":
                CheckCopy();
                break;
            case "New" or "Remove":
                Say("true; echo", Volume("data:/data"));
                break;
            default:
                Host.RemoveContainers();
                Assert.Equal("0", Say("ls /etc/passwd > /dev/null; echo $?", Volume("conf:/etc", "memory:/m")));
                break;
        }

        Clear();
    }

    // One that is there can be used and has all files; any other makes room for the next of its name.
    private void CheckCopy()
    {
        if (!Services.GetVolumes.Execute().Any(volume => volume.Name == "copy" && volume.Status != ContainerVolumeStatus.Removing))
        {
            Services.CopyVolume.Execute("data", "copy");
        }

        Assert.Equal("18", Say("find /data -mindepth 1 -maxdepth 1 | wc -l", Volume("copy:/data")));
    }

    // As a user would: what is mounted is dismounted, and what nobody has goes.
    private void Clear()
    {
        Host.RemoveContainers();
        foreach (var volume in Services.GetVolumes.Execute())
        {
            if (volume.MountPoint.Count > 0)
            {
                Services.DismountVolume.Execute(volume.Id, force: true);
            }

            Services.RemoveVolume.Execute(volume.Id);
        }

        // Whoever opens the store next collects what was left of locks and containers.
        ContainerServices.Open(Host.Paths, Repository.Launcher).Dispose();
        Assert.DoesNotContain(
            File.ReadAllLines("/proc/self/mountinfo"),
            line => IsOfDriver(line) || line.Contains(Folder, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Host.Paths.Locks, "*.volume"));
    }
}
