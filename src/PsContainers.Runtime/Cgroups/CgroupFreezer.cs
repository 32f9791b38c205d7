using System.Diagnostics;

namespace PsContainers.Runtime.Cgroups;

/// <summary>Stops every process of a control group at once, and lets them go on: a container is suspended and resumed by it.</summary>
/// <remarks>
/// Version 2: https://docs.kernel.org/admin-guide/cgroup-v2.html, cgroup.freeze. Version 1:
/// https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html. A machine that has both uses version 2's, which lets a frozen
/// process be killed; in version 1 it dies only once it is let go.
/// </remarks>
public sealed class CgroupFreezer
{
    private const int StepMilliseconds = 1;

    // Version 1 can stay half-way, in FREEZING, when processes are made meanwhile; begun anew it succeeds. runc does the same.
    private const int StepsBeforeAnew = 50;

    private readonly string _directory;
    private readonly bool _isUnified;

    private CgroupFreezer(string directory, bool isUnified)
    {
        _directory = directory;
        _isUnified = isUnified;
    }

    /// <summary>The file that freezes, which alone is enough to find the freezer again.</summary>
    public string StateFile => Path.Join(_directory, _isUnified ? "cgroup.freeze" : "freezer.state");

    /// <summary>Whether all processes stand still; false also when the group is gone.</summary>
    public bool IsFrozen => _isUnified
        ? Read("cgroup.events").Split('\n').Contains("frozen 1")
        : Read("freezer.state").Trim() == "FROZEN";

    /// <summary>The freezer of a container's groups, or null where the container is in none.</summary>
    public static CgroupFreezer? Of(CgroupPlan plan) => plan switch
    {
        { Unified: { } group } => new CgroupFreezer(group.Path, isUnified: true),
        _ when plan.Find("freezer") is { } group => new CgroupFreezer(group.Path, isUnified: false),
        _ => null,
    };

    /// <summary>The freezer whose <see cref="StateFile"/> this is.</summary>
    public static CgroupFreezer OfStateFile(string path) =>
        new(Path.GetDirectoryName(path)!, Path.GetFileName(path) == "cgroup.freeze");

    /// <summary>Suspends all processes, and returns once the kernel says that none of them moves.</summary>
    /// <returns>False when the time ran out first; all of them then go on.</returns>
    /// <exception cref="IOException">The group is gone, or may not be written.</exception>
    public bool TryFreeze(TimeSpan patience, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        var isDone = false;
        try
        {
            WriteState(isFrozen: true);
            for (var step = 1; !(isDone = IsFrozen); step++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(started) > patience)
                {
                    break;
                }

                Thread.Sleep(StepMilliseconds);
                if (!_isUnified && step % StepsBeforeAnew == 0)
                {
                    WriteState(isFrozen: false);
                    WriteState(isFrozen: true);
                }
            }

            return isDone;
        }
        finally
        {
            if (!isDone)
            {
                Thaw();
            }
        }
    }

    /// <summary>Lets all processes go on; a group that is gone has none.</summary>
    public void Thaw()
    {
        try
        {
            WriteState(isFrozen: false);
        }
        catch (IOException e) when (IsGone(e))
        {
            // The container has ended.
        }
    }

    private void WriteState(bool isFrozen) =>
        CgroupFile.Write(StateFile, _isUnified ? (isFrozen ? "1" : "0") : (isFrozen ? "FROZEN" : "THAWED"));

    private string Read(string name)
    {
        try
        {
            return File.ReadAllText(Path.Join(_directory, name));
        }
        catch (IOException e) when (IsGone(e))
        {
            return "";
        }
    }

    private static bool IsGone(IOException failure) =>
        failure is FileNotFoundException or DirectoryNotFoundException || failure.HResult == (int)PsContainers.Linux.Errno.ENODEV;
}
