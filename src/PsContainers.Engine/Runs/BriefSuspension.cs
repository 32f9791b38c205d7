using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Runs;

/// <summary>A running container stands still while its files are read, and goes on when this is disposed.</summary>
/// <remarks>
/// <see cref="EnginePaths.Reading"/> has a file for each, with the path of its freezer: a session that is killed leaves the container
/// standing, and whoever comes next lets it go on. Its user never suspended it, so that it counts as running all the time.
/// </remarks>
internal sealed class BriefSuspension : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly CgroupFreezer _freezer;
    private readonly string _record;

    private BriefSuspension(CgroupFreezer freezer, string record) => (_freezer, _record) = (freezer, record);

    /// <summary>Null for a container that does not run, or that its user has suspended; the caller holds its lock.</summary>
    /// <exception cref="ContainerEngineException">SuspendFailed, and the container goes on.</exception>
    public static BriefSuspension? Impose(
        EnginePaths paths, CurrentContainer container, CgroupHierarchies hierarchies, CancellationToken cancellation)
    {
        if (!container.IsRunning || container.IsPaused)
        {
            return null;
        }

        var row = container.Row;
        var freezer = CgroupFreezer.Of(CgroupPlan.Build(hierarchies, AbandonedRun.CgroupPath(row.Id), null))
            ?? throw EngineErrors.SuspendFailed(row.Name, "this machine has no cgroup freezer; use -NoPause");
        var suspension = new BriefSuspension(freezer, Path.Join(paths.Reading, row.Id));
        File.WriteAllText(suspension._record, freezer.StateFile);
        try
        {
            if (freezer.TryFreeze(_patience, cancellation))
            {
                return suspension;
            }
        }
        catch (IOException e)
        {
            suspension.Dispose();
            throw EngineErrors.SuspendFailed(row.Name, e.Message, e);
        }
        catch (OperationCanceledException)
        {
            suspension.Dispose();
            throw;
        }

        suspension.Dispose();
        throw EngineErrors.SuspendFailed(row.Name, $"some of its processes did not stand still within {_patience.TotalSeconds} s");
    }

    /// <summary>Lets containers go on whose reader was killed.</summary>
    public static void EndAbandoned(EnginePaths paths, ContainerTable containers, ContainerLocks locks)
    {
        foreach (var record in Directory.EnumerateFiles(paths.Reading))
        {
            var id = Path.GetFileName(record);
            using var held = locks.TryAcquire(id);
            if (held is not null)
            {
                End(record);
                if (containers.Find(id) is null)
                {
                    locks.Discard(id);
                }
            }
        }
    }

    public void Dispose()
    {
        _freezer.Thaw();
        File.Delete(_record);
    }

    // The file may be gone, or empty when a session was killed between making and writing it.
    private static void End(string record)
    {
        if (File.Exists(record) && File.ReadAllText(record) is { Length: > 0 } stateFile)
        {
            CgroupFreezer.OfStateFile(stateFile).Thaw();
        }

        File.Delete(record);
    }
}
