using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Snapshots;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Containers;

/// <summary>The way from a container's row to its running process: the only file that knows the order.</summary>
internal sealed class ContainerLaunch(
    EnginePaths paths,
    string launcher,
    ImageTable images,
    ContainerTable containers,
    Snapshots snapshots,
    ContainerRemains remains,
    ContainerNetworking networking,
    ContainerMounting mounting,
    Lazy<CgroupHierarchies> hierarchies)
{
    private const long LogLimit = 16 * 1024 * 1024;
    private const int LogFiles = 2;

    /// <summary>Starts a container that does not run; the caller holds its lock.</summary>
    /// <param name="cancellation">Heeded until the container itself is launched.</param>
    /// <exception cref="ContainerEngineException">It did not start: nothing of the attempt is left, and the container says why.</exception>
    public LauncherProcess Start(ContainerRow row, bool attach, CancellationToken cancellation)
    {
        try
        {
            return Perform(row, attach, cancellation);
        }
        catch (SqliteException e)
        {
            // It names neither the container nor what was done.
            var failure = EngineErrors.ContainerStartFailed(row.Name, $"the store refuses what it needs: {e.Message}", e);
            Note(row, failure);
            throw failure;
        }
        catch (Exception e) when (
            e is ContainerEngineException or IOException or UnauthorizedAccessException or OperationCanceledException or StoreException)
        {
            Note(row, e);
            throw;
        }
    }

    private void Note(ContainerRow row, Exception failure)
    {
        try
        {
            if (row.RemoveOnExit)
            {
                remains.Remove(row);
            }
            else
            {
                containers.SetError(row.Id, failure.Message);
            }
        }
        catch (DbException) when (failure is DbException or { InnerException: DbException })
        {
            // The store cannot even keep that: the failure itself is what to tell of, and the next session clears away.
        }
    }

    private LauncherProcess Perform(ContainerRow row, bool attach, CancellationToken cancellation)
    {
        if (!File.Exists(launcher))
        {
            throw EngineErrors.LauncherMissing(launcher);
        }

        var image = images.Find(row.ImageId) ?? throw EngineErrors.ImageNotFound(row.ImageName);
        using var rollback = new Rollback();

        var runDirectory = paths.RunDirectory(row.Id);
        rollback.Add(() => remains.RemoveAbandonedRun(row.Id));
        Directory.CreateDirectory(runDirectory, EnginePaths.OwnerOnly);

        // It lives as long as somebody holds it: we until the container is in it. Whoever is killed in between leaves nothing.
        using var network = row.Settings.Network == NetworkMode.Networks ? ContainerNamespace.Create() : null;
        NetworkFiles.Write(row, runDirectory, network is null ? [] : networking.Attach(row, network.Path, cancellation));

        // Not undone: a container that is started again finds here what it wrote before.
        var root = Prepare(row, image);
        var mounts = mounting.Prepare(row, image, cancellation);

        var spec = RuntimeSpecBuilder.Build(
            new SpecSurroundings(
                row.Id,
                paths.MountPoint,
                runDirectory,
                row.Settings.Network == NetworkMode.Container ? paths.RunDirectory(row.Settings.NetworkSource!) : runDirectory,
                network?.Path,
                launcher,
                mounts,
                new NamespaceSources(paths, containers).Of),
            row.Settings);
        KeepForInspection(row, spec);

        var process = Launch(row, attach, spec, root);
        rollback.Add(process.Dispose);

        if (row.Status != ContainerStatus.Running)
        {
            containers.SetRunning(row.Id, HostBoot.Id, DateTime.UtcNow);
        }

        rollback.Commit();
        return process;
    }

    private Mount Prepare(ContainerRow row, ImageRow image)
    {
        try
        {
            return snapshots.Prepare(row.Id, image.Chains, row.RemoveOnExit, row.Settings.StorageSize);
        }
        catch (Exception e) when (e is ImageFormatException or LinuxException or IOException)
        {
            throw EngineErrors.ContainerStartFailed(row.Name, e.Message, e);
        }
    }

    private LauncherProcess Launch(ContainerRow row, bool attach, RuntimeSpec spec, Mount root)
    {
        try
        {
            var plan = LaunchPlan.Build(spec, new LaunchOptions
            {
                Id = row.Id,
                RootPath = paths.MountPoint,
                Root = root,
                Cgroups = CgroupPlan.Build(hierarchies.Value, AbandonedRun.CgroupPath(row.Id), spec.Linux?.Resources),
                RunDirectory = paths.RunDirectory(row.Id),
                LogPath = paths.LogOf(row.Id),
                LogLimit = LogLimit,
                LogFiles = LogFiles,
                User = row.Settings.User.Length > 0 ? row.Settings.User : "0",
            });
            return LauncherProcess.Start(launcher, plan, attach);
        }
        catch (LaunchFailedException e)
        {
            throw e.ExitCode switch
            {
                EngineErrors.CommandNotFoundCode => EngineErrors.CommandNotFound(row.Name, e.Message),
                EngineErrors.CommandNotExecutableCode => EngineErrors.CommandNotExecutable(row.Name, e.Message),
                _ => EngineErrors.ContainerStartFailed(row.Name, e.Message + WordsOnStore(e), e),
            };
        }
        catch (Exception e) when (e is InvalidSettingException or LinuxException)
        {
            throw EngineErrors.ContainerStartFailed(row.Name, e.Message, e);
        }
    }

    // The kernel says EINVAL to a writable layer on a file system that cannot hold one (another overlay, NFS …), and leaves the reader
    // guessing.
    private string WordsOnStore(LaunchFailedException failure) =>
        failure is { Step: StepKind.MountRoot or StepKind.MountRootByParameters, Errno: Errno.EINVAL }
            ? $"; the writable layer lies in {paths.Containers}, on the file system {new DriveInfo(paths.Containers).DriveFormat}"
            : "";

    // A throw-away container is gone before anybody could look.
    private void KeepForInspection(ContainerRow row, RuntimeSpec spec)
    {
        if (row.RemoveOnExit)
        {
            return;
        }

        var path = Path.Combine(paths.ContainerDirectory(row.Id), "config.json");
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Default.RuntimeSpec));
        File.Move(path + ".new", path, overwrite: true);
    }
}
