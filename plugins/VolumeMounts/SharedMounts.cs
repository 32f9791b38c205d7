using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.VolumeMounts;

/// <summary>One mount for all users of a volume: the first has it made, with the last it goes.</summary>
/// <remarks>
/// A mount counts once there is a user of it. So one that a killed session left, finished or not, is taken off by whoever comes next, and
/// made anew when it is wanted.
/// </remarks>
internal sealed class SharedMounts(string runDirectory)
{
    private readonly string _folder = Path.Combine(runDirectory, "volumes");

    /// <param name="attach">Mounts the volume on the directory that it is given.</param>
    internal VolumeMountResult Mount(VolumeUse use, Action<string> attach, CancellationToken cancellation)
    {
        var volume = use.Record.Volume;
        VolumeCall.CheckId(use.UserId, "userId");
        return VolumeCall.Do(volume, "mount", () =>
        {
            using var alone = Lock(volume, cancellation);
            var users = UsersOf(volume);
            var target = TargetOf(volume);
            if (users.IsEmpty || !HostMount.IsMountPoint(target))
            {
                MountAnew(users, target, attach, cancellation);
            }

            AddOrUndo(users, use.UserId, target, cancellation);
            return new VolumeMountResult { Path = target };
        });
    }

    internal void Unmount(VolumeUseRecord record, CancellationToken cancellation)
    {
        var volume = record.Use.Record.Volume;
        VolumeCall.CheckId(record.Use.UserId, "userId");
        VolumeCall.Do(volume, "unmount", () =>
        {
            using var alone = Lock(volume, cancellation);
            var users = UsersOf(volume);
            users.Remove(record.Use.UserId);
            Tidy(users, TargetOf(volume));
            return true;
        });
    }

    /// <summary>Works on a volume while no other session does.</summary>
    internal T Locked<T>(VolumeDefinition volume, string operation, Func<T> work, CancellationToken cancellation) =>
        VolumeCall.Do(volume, operation, () =>
        {
            using var alone = Lock(volume, cancellation);
            return work();
        });

    /// <summary>The same with a volume that nobody uses, whatever is noted down here: nothing of it is mounted.</summary>
    internal T Unused<T>(VolumeDefinition volume, string operation, Func<T> work, CancellationToken cancellation) =>
        VolumeCall.Do(volume, operation, () =>
        {
            using var alone = Lock(volume, cancellation);
            var users = UsersOf(volume);
            users.Forget();
            Tidy(users, TargetOf(volume));
            return work();
        });

    private static void MountAnew(MountUsers users, string target, Action<string> attach, CancellationToken cancellation)
    {
        HostMount.DetachAll(target);
        Directory.CreateDirectory(target);
        try
        {
            attach(target);

            // A mount can't be canceled; so one that nobody waits for any more is not to stay.
            cancellation.ThrowIfCancellationRequested();
        }
        catch
        {
            HostMount.DetachAll(target);
            Tidy(users, target);
            throw;
        }
    }

    private static void AddOrUndo(MountUsers users, string userId, string target, CancellationToken cancellation)
    {
        if (users.Has(userId))
        {
            return;
        }

        try
        {
            cancellation.ThrowIfCancellationRequested();
            users.Add(userId);
        }
        catch
        {
            users.Remove(userId);
            Tidy(users, target);
            throw;
        }
    }

    // Without users nothing of the volume stays here.
    private static void Tidy(MountUsers users, string target)
    {
        if (!users.IsEmpty)
        {
            return;
        }

        HostMount.DetachAll(target);
        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }

        users.Forget();
    }

    private VolumeLock Lock(VolumeDefinition volume, CancellationToken cancellation) => VolumeLock.Take(_folder, volume, cancellation);

    private MountUsers UsersOf(VolumeDefinition volume) => new($"{TargetOf(volume)}.users");

    private string TargetOf(VolumeDefinition volume) => Path.Combine(_folder, volume.Id);
}
