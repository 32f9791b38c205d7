using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Gives back what somebody has of volumes. May be done twice.</summary>
internal sealed class VolumeRelease(
    VolumeTable table, VolumeDrivers drivers, VolumeLocks locks, ContainerTable containers, BriefCalls calls)
{
    /// <summary>After the end of a container.</summary>
    /// <param name="isBrief">The caller came for something else: a driver that is slow does not keep him.</param>
    /// <returns>What drivers could not give back: it stays in the store, and is tried again at the next start or removal.</returns>
    public IReadOnlyList<string> All(string user, bool isBrief = false) =>
        Each(table.UsesBy(user), use => DriverOf(use.Volume), One, isBrief);

    /// <exception cref="ContainerEngineException">VolumeDriverFailed, VolumeDriverNotFound</exception>
    public void One(VolumeUseRow use, CancellationToken cancellation)
    {
        using var held = locks.Acquire(use.Volume, use.Volume, cancellation);
        if (table.FindUse(use.Volume, use.User) is not { } current || table.Find(use.Volume) is not { } row)
        {
            return;
        }

        // A volume whose driver always shows it has no use but of a person, who had it shown at one more place.
        if (row.Result is { Path: null })
        {
            drivers.Unmount(row, current, cancellation);
        }

        table.RemoveUse(current);
    }

    /// <summary>Ends the uses of a volume by sessions that were killed at it: <see cref="VolumeVisit"/>.</summary>
    public void EndAbandoned(string volume, CancellationToken cancellation)
    {
        foreach (var use in table.UsesOf(volume).Where(use => !use.IsPerson))
        {
            // The use of a container goes with its run: nobody holds a lock for that.
            if (containers.Find(use.User) is not null)
            {
                continue;
            }

            using var held = locks.TryAcquire(use.User);
            if (held is not null)
            {
                One(use, cancellation);
                locks.Discard(use.User);
            }
        }
    }

    /// <summary>Removes volumes that were laid hold of for that: <see cref="VolumeTable.TryBeginRemoval"/>.</summary>
    /// <returns>What could not be removed, in words; it stays as <see cref="ContainerVolumeStatus.Removing"/>.</returns>
    public IReadOnlyList<string> Remove(IEnumerable<string> volumes, bool isBrief) => Each(volumes, DriverOf, RemoveOne, isBrief);

    /// <summary>Removes the volume of a name that somebody wanted to go, and was killed before it went.</summary>
    public void FinishRemovalOf(string name, CancellationToken cancellation)
    {
        if (table.FindByName(name) is { Status: ContainerVolumeStatus.Removing } leaving)
        {
            RemoveOne(leaving.Id, cancellation);
        }
    }

    /// <summary>Removes one that was laid hold of.</summary>
    public void RemoveOne(string id, CancellationToken cancellation)
    {
        // Before the lock: each use that ends takes it.
        EndAbandoned(id, cancellation);
        using var held = locks.Acquire(id, id, cancellation);
        if (table.Find(id) is { Status: ContainerVolumeStatus.Removing } row)
        {
            if (table.UsesOf(id).Count > 0)
            {
                throw VolumeErrors.InUse(row.Name, ["another session, which is filling it"]);
            }

            // One that its driver never heard of has nothing to be removed. A killed creation left its row as it was: it may have.
            drivers.Remove(row, cancellation);
            table.Delete(id);
        }

        locks.Discard(id);
    }

    private List<string> Each<T>(IEnumerable<T> items, Func<T, string> driverOf, Action<T, CancellationToken> act, bool isBrief)
    {
        List<string> failures = [];
        foreach (var item in items)
        {
            var driver = driverOf(item);
            try
            {
                if (!isBrief)
                {
                    act(item, CancellationToken.None);
                    calls.Forgive(driver);
                }
                else if (!calls.TryRun(driver, stop => act(item, stop)))
                {
                    failures.Add($"the volume driver '{driver}' is slow; what it has not given back is asked for again later");
                }
            }
            catch (Exception e) when (e is ContainerEngineException or LinuxException)
            {
                failures.Add(e.Message);
            }
        }

        return failures;
    }

    private string DriverOf(string volume) => table.Find(volume)?.Definition.Driver ?? "";
}
