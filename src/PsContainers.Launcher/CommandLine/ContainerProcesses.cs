using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Launcher.CommandLine;

/// <summary>All processes in a container's control groups, those below included.</summary>
internal static class ContainerProcesses
{
    private const int SIGKILL = 9;

    internal static IReadOnlyList<int> List(StoredContainer container)
    {
        // Each hierarchy holds them all; the unified one is there on every machine but a pure version 1.
        var group = container.Container.Cgroups.OrderByDescending(g => g.Unified).FirstOrDefault();
        return group is null ? [] : List(group.Path);
    }

    internal static void Signal(StoredContainer container, int signal)
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

        if (signal == SIGKILL)
        {
            Thaw(container);
        }
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

    // A group may go at any moment: systemd removes one as soon as it is empty.
    private static List<int> List(string directory)
    {
        try
        {
            return ListPresent(directory);
        }
        catch (IOException e) when (e is DirectoryNotFoundException or FileNotFoundException || e.HResult == (int)Errno.ENODEV)
        {
            return [];
        }
    }

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
