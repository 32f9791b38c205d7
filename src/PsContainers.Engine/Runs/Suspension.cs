using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Runs;

/// <summary>The file <c>suspended</c> in a run directory: the path of the freezer that a container was suspended by.</summary>
/// <remarks>It says where to look. Whether the container stands still the kernel says, and most containers have no such file.</remarks>
internal static class Suspension
{
    private const string FileName = "suspended";

    public static bool IsInForce(string runDirectory) => Find(runDirectory)?.IsFrozen == true;

    /// <summary>Suspends the container, or lets it go on when that cannot be done in time.</summary>
    public static bool TryImpose(string runDirectory, CgroupFreezer freezer, TimeSpan patience, CancellationToken cancellation)
    {
        // Before it happens: a session that is killed in between leaves a file too many, not a container that nobody can resume.
        File.WriteAllText(Path.Join(runDirectory, FileName), freezer.StateFile);
        if (freezer.TryFreeze(patience, cancellation))
        {
            return true;
        }

        Lift(runDirectory);
        return false;
    }

    /// <summary>Lets a container go on; one that was not suspended is left alone.</summary>
    public static void Lift(string runDirectory)
    {
        if (Find(runDirectory) is { } freezer)
        {
            freezer.Thaw();
            Forget(runDirectory);
        }
    }

    private static CgroupFreezer? Find(string runDirectory)
    {
        var path = Path.Join(runDirectory, FileName);
        try
        {
            // Empty when a session was killed between making and writing it.
            return File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } state ? CgroupFreezer.OfStateFile(state) : null;
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Forget(string runDirectory)
    {
        try
        {
            File.Delete(Path.Join(runDirectory, FileName));
        }
        catch (DirectoryNotFoundException)
        {
            // The container has ended, and others have cleared up.
        }
    }
}
