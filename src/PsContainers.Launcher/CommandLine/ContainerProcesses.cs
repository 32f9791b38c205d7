using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Launcher.CommandLine;

/// <summary>All processes in a container's control groups, those below included.</summary>
internal static class ContainerProcesses
{
    private const int SIGKILL = 9;

    // What cgroup.procs shows of a process that is being reaped at this moment, or that this pid namespace cannot see.
    private const int Nameless = 0;

    internal static IReadOnlyList<int> List(StoredContainer container) => [.. Entries(container).Where(pid => pid != Nameless)];

    /// <summary>Whether any is left, be it one that has no process id any more.</summary>
    internal static bool Any(StoredContainer container) => Entries(container).Count > 0;

    internal static void Signal(StoredContainer container, int signal)
    {
        if (signal != SIGKILL)
        {
            SignalEach(container, signal);
            return;
        }

        if (!TryKill(container))
        {
            SignalEach(container, SIGKILL);
        }

        Thaw(container);
    }

    /// <summary>Lets a paused container go on, so that the signals it got reach it.</summary>
    internal static void Thaw(StoredContainer container)
    {
        foreach (var group in container.Container.Cgroups)
        {
            var (file, value) = group.Unified ? ("cgroup.freeze", "0") : ("freezer.state", "THAWED");
            var path = $"{group.Path}/{file}";
            if (WholeFile.Exists(path))
            {
                File.WriteAllText(path, value);
            }
        }
    }

    // All at once, those included that are being forked meanwhile; since Linux 5.14. cgroups(7), cgroup.kill
    private static bool TryKill(StoredContainer container)
    {
        var file = Group(container) is { Unified: true } group ? $"{group.Path}/cgroup.kill" : null;
        if (file is null || !WholeFile.Exists(file))
        {
            return false;
        }

        try
        {
            File.WriteAllText(file, "1");
        }
        catch (IOException e) when (IsGone(e))
        {
            // So nobody is in it.
        }

        return true;
    }

    private static void SignalEach(StoredContainer container, int signal)
    {
        foreach (var pid in List(container))
        {
            try
            {
                using var process = PidFd.Open(pid);
                if (List(container).Contains(pid))
                {
                    process.Signal(signal);
                }
            }
            catch (LinuxException e) when (e.Errno == Errno.ESRCH)
            {
                // It ended by itself.
            }
        }
    }

    private static List<int> Entries(StoredContainer container) => Group(container) is { } group ? List(group.Path) : [];

    // Each hierarchy holds them all; the unified one is there on every machine but a pure version 1.
    private static OciCgroup? Group(StoredContainer container) =>
        container.Container.Cgroups.OrderByDescending(g => g.Unified).FirstOrDefault();

    // A group may go at any moment: systemd removes one as soon as it is empty.
    private static List<int> List(string directory)
    {
        try
        {
            return ListPresent(directory);
        }
        catch (IOException e) when (IsGone(e))
        {
            return [];
        }
    }

    private static bool IsGone(IOException e) =>
        e is DirectoryNotFoundException or FileNotFoundException || e.HResult == (int)Errno.ENODEV;

    private static List<int> ListPresent(string directory)
    {
        var found = new List<int>();
        foreach (var line in File.ReadLines(Path.Join(directory, "cgroup.procs")))
        {
            found.Add(int.Parse(line, CultureInfo.InvariantCulture));
        }

        foreach (var child in Directory.EnumerateDirectories(directory))
        {
            found.AddRange(List(child));
        }

        return found;
    }
}
