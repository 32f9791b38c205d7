using System.Globalization;
using PsContainers.Drivers;
using PsContainers.Kernel.Tests.Security;
using PsContainers.Linux;
using PsContainers.LocalVolume.Tests.Harness;

namespace PsContainers.LocalVolume.Tests;

/// <summary>
/// A session is killed at each of the system calls by which it changes something. The same call made again then does what it should, and
/// so does the one that takes it back; in the end nothing is left.
/// </summary>
public sealed class KilledSessionTests
{
    private const string Folder = "uid=1000 mode=0750";
    private const string Memory = "type=tmpfs o=size=1m";
    private const string Bind = "type=none device=DEVICES o=rbind,ro";
    private const string Loop = "type=ext4 device=DEVICES/image o=loop";

    private const string Changing =
        "mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mount,umount2,mount_setattr,flock,fchmod,chmod,fchown,fsync,write,"
        + "pwrite64,ioctl,exit_group";

    private static readonly string _other = new('2', 64);

    [Theory]
    [InlineData("create", Folder)]
    [InlineData("create", Memory)]
    [InlineData("remove", Folder)]
    [InlineData("remove", Memory)]
    [InlineData("mount", Memory)]
    [InlineData("mount", Bind)]
    [InlineData("mount", Loop)]
    [InlineData("unmount", Memory)]
    [InlineData("unmount", Bind)]
    [InlineData("unmount", Loop)]
    public void Killed_call_is_put_right_by_the_next_one(string call, string options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "needs /usr/bin/strace (Debian package strace)");
        var moments = Trace(call, options);

        // Both ways to go on, for every moment.
        var killed = 0;
        Parallel.ForEach(
            moments.SelectMany(moment => new[] { (moment, IsRepeated: true), (moment, IsRepeated: false) }),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            item => Interlocked.Add(ref killed, KillAt(item.moment, call, options, item.IsRepeated) ? 1 : 0));

        Assert.True(moments.Count >= 3, $"only {moments.Count} calls change something");
        Assert.Equal(2 * moments.Count, killed);
    }

    private static List<SystemCallTrace.Entry> Trace(string call, string options)
    {
        using var host = Prepare(call, options, out var session);
        var trace = Path.Combine(host.Sandbox.Devices, "trace");
        var (output, code) = session.Traced("--seccomp-bpf", "-y", "-o", trace, "-e", $"trace={Changing}");
        Assert.Equal((VolumeSession.Done, 0), (output.Trim(), code));
        Finish(host, session);
        return
        [
            .. SystemCallTrace.Read(trace)
                .Where(entry => entry.Text.Contains(host.Sandbox.Folder, StringComparison.Ordinal) || entry.Call == "exit_group"),
        ];
    }

    private static bool KillAt(SystemCallTrace.Entry moment, string call, string options, bool isRepeated)
    {
        using var host = Prepare(call, options, out var session);
        var number = moment.Number.ToString(CultureInfo.InvariantCulture);
        var (output, code) = session.Traced(
            "-o", "/dev/null", "-e", $"trace={moment.Call}", "-e", $"inject={moment.Call}:signal=KILL:when={number}");
        try
        {
            Assert.True(code == 0 || !output.Contains("Exception", StringComparison.Ordinal), output);
            GoOn(host, session, isRepeated);
            Finish(host, session);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"killed at {moment.Text}, repeated: {isRepeated}: {e.Message}", e);
        }

        return code != 0;
    }

    private static LocalHost Prepare(string call, string options, out VolumeSession session)
    {
        var host = new LocalHost();
        if (options == Loop)
        {
            host.Image();
        }

        var wanted = LocalHost.Wanted(options.Replace("DEVICES", host.Sandbox.Devices, StringComparison.Ordinal));
        session = new(host.Sandbox.Environment, wanted, call);
        if (call == "create")
        {
            return host;
        }

        var record = new VolumeRecord { Volume = wanted, Result = host.Driver.Create(wanted, default) };
        if (call == "remove" && record.Result.Path is { } path)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(path, "below")).FullName, "file"), "a");
        }

        if (call == "unmount")
        {
            host.Mount(record);
        }

        return host;
    }

    // What an engine does that doesn't know how far the call got.
    private static void GoOn(LocalHost host, VolumeSession session, bool isRepeated)
    {
        var record = new VolumeRecord { Volume = session.Volume };
        switch (session.Call, isRepeated)
        {
            case (_, true):
                session.Make();
                AssertDone(host, session);
                break;
            case ("mount", false):
                host.Unmount(record);
                Assert.False(IsAnythingMounted(host));
                break;
            case ("unmount", false):
                AssertUsable(host.Mount(record, _other), session);
                host.Unmount(record, _other);
                host.Unmount(record);
                Assert.False(IsAnythingMounted(host));
                break;
            case ("remove", false):
                Assert.Empty(Entries(host.Driver.Create(session.Volume, default)).Except(["below"]));
                break;
            default:
                break;
        }
    }

    private static void AssertDone(LocalHost host, VolumeSession session)
    {
        var place = Path.Combine(host.Places, session.Volume.Id);
        var mounted = Path.Combine(session.Environment.RunDirectory, "volumes", session.Volume.Id);
        switch (session.Call)
        {
            case "create":
                Assert.Equal([place], Directory.EnumerateFileSystemEntries(host.Places));
                Assert.Equal([], Entries(host.Driver.Create(session.Volume, default)));
                break;
            case "mount":
                AssertUsable(mounted, session);
                host.Unmount(new() { Volume = session.Volume });
                break;
            case "unmount":
                Assert.False(IsAnythingMounted(host));
                break;
            default:
                Assert.Empty(Directory.EnumerateFileSystemEntries(host.Places));
                break;
        }
    }

    private static IEnumerable<string?> Entries(VolumeResult result) =>
        result.Path is null ? [] : Directory.EnumerateFileSystemEntries(result.Path).Select(Path.GetFileName);

    private static void AssertUsable(string path, VolumeSession session)
    {
        Assert.True(HostMount.IsMountPoint(path), "it is not mounted");
        Assert.Equal(session.Volume.Options["type"] == "none", LocalHost.MountAt(path).Options.StartsWith("ro", StringComparison.Ordinal));
        Assert.Single(MountInfo.OfSelf(), mount => mount.MountPoint == path);
    }

    private static bool IsAnythingMounted(LocalHost host) => HostMount.FindAtOrBelow(host.Sandbox.Environment.RunDirectory) is not null;

    private static void Finish(LocalHost host, VolumeSession session)
    {
        host.Unmount(new() { Volume = session.Volume });
        host.Remove(new() { Volume = session.Volume });
    }
}
