using System.Reflection;
using PsContainers.Engine;
using PsContainers.Linux;

namespace PsContainers.Benchmarks;

/// <summary>Folders, a root file system of busybox and an engine of its own for one run; all of it goes at the end.</summary>
internal sealed class Workspace : IDisposable
{
    public const string CgroupParent = "psc-bench";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _foundGroups;

    public Workspace()
    {
        Folder = Directory.CreateTempSubdirectory("psc-bench").FullName;
        Root = Path.Join(Folder, "busybox");
        _foundGroups = [.. GroupsOfPeers()];
        MakeRoot();
        Paths = new EnginePaths(Path.Join(Folder, "state"), $"/run/psc-bench-{Environment.ProcessId}");
        Environment.SetEnvironmentVariable("PSCONTAINERS_ROOT", Paths.Root);
        Environment.SetEnvironmentVariable("PSCONTAINERS_RUN", Paths.Run);
        Services = ContainerServices.Open(Paths, Launcher);
        Services.ImportImage.Execute(new ImageImport { Path = Root, RootFileSystem = true, Name = "busybox" });
    }

    public static string Repository { get; } = typeof(Workspace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "Repository").Value!;

    public static string Launcher { get; } = Path.Join(Repository, "module/bin/psc-runtime");

    public static string Shell { get; } = Path.Join(Repository, "module/bin/host/psc");

    /// <summary>Directories of the image that something may be mounted on.</summary>
    public static IReadOnlyList<string> MountPoints { get; } = [.. Enumerable.Range(0, 20).Select(i => $"/mnt/{i}")];

    public string Folder { get; }

    public string Root { get; }

    public EnginePaths Paths { get; }

    public ContainerServices Services { get; }

    public void Dispose()
    {
        foreach (var container in Services.GetContainers.Execute())
        {
            Services.RemoveContainer.Execute(container.Id, force: true);
        }

        Services.Dispose();
        foreach (var group in GroupsOfPeers().Except(_foundGroups))
        {
            RemoveGroup(group);
        }

        // podman binds its storage onto itself; its last command, which conmon runs at a container's end, is over with the groups.
        foreach (var mount in MountInfo.OfSelf().Where(mount => mount.MountPoint.StartsWith(Folder, StringComparison.Ordinal)).Reverse())
        {
            Native.Ask("/bin/umount", mount.MountPoint);
        }

        // rm, since what podman leaves in its storage has modes that .NET's recursion stumbles over.
        Native.Ask("/bin/rm", "-rf", Folder, Paths.Run);
    }

    private void MakeRoot()
    {
        foreach (var directory in new[] { "bin", "dev", "etc", "proc", "sys", "tmp" }.Concat(MountPoints))
        {
            Directory.CreateDirectory(Path.Join(Root, directory));
        }

        File.Copy("/bin/busybox", Path.Join(Root, "bin/busybox"));
        foreach (var name in new[] { "true", "sh", "sleep" })
        {
            File.CreateSymbolicLink(Path.Join(Root, "bin", name), "busybox");
        }

        File.WriteAllText(Path.Join(Root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
        File.WriteAllText(Path.Join(Root, "etc/group"), "root:x:0:\n");
    }

    private static IEnumerable<string> GroupsOfPeers() => Directory.EnumerateDirectories("/sys/fs/cgroup")
        .Append("/sys/fs/cgroup")
        .SelectMany(hierarchy => new[] { CgroupParent, "libpod_parent" }.Select(name => Path.Join(hierarchy, name)))
        .Where(Directory.Exists);

    private static void RemoveGroup(string group)
    {
        for (var end = DateTime.UtcNow + _patience; ; Thread.Sleep(20))
        {
            try
            {
                foreach (var child in Directory.GetDirectories(group))
                {
                    RemoveGroup(child);
                }

                Directory.Delete(group);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // podman was faster.
                return;
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                // The last conmon takes a moment to end after podman said that its container is gone, and may still make a group itself.
            }
        }
    }
}
