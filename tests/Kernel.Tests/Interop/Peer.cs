using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>Another engine, with the launcher as its runtime, the image busybox, and state in folders that go with it.</summary>
public abstract class Peer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly string[] _foldersBefore = [.. ControllerFolders()];

    private protected Peer(TestHost host, params string[] programs)
    {
        Name = $"psc-peer-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        State = Path.Join("/var/tmp", Name);
        RunFolder = Path.Join("/run", Name);
        Missing = host.Missing ?? programs.Where(program => !File.Exists(program)).Select(program => $"needs {program}").FirstOrDefault();
        if (Missing is not null)
        {
            return;
        }

        _ = host.Services;
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(RunFolder);
        HostCommand.Run("tar", "-C", host.BusyboxRoot, "-cf", RootArchive, ".").Text();
    }

    /// <summary>Why this engine cannot run here; null when it can.</summary>
    public string? Missing { get; }

    /// <summary>One of its kind; also the control group that its containers are in.</summary>
    protected string Name { get; }

    protected string State { get; }

    protected string RunFolder { get; }

    /// <summary>A tar of the root file system of busybox.</summary>
    protected string RootArchive => Path.Join(State, "busybox.tar");

    /// <summary>Runs one of the engine's commands.</summary>
    public HostCommandResult Do(params string[] arguments) =>
        HostCommand.Finish(HostCommand.Start(Program, [.. Globals, .. Complete(arguments)], Variables));

    /// <summary>The same on a terminal of 31 lines and 77 columns; its output has CR LF.</summary>
    public HostCommandResult DoOnTerminal(params string[] arguments)
    {
        var command = string.Join(' ', Globals.Concat(Complete(arguments)).Prepend(Program).Select(word => $"'{word}'"));
        return HostCommand.Finish(HostCommand.Start("script", ["-qec", $"stty rows 31 cols 77; {command}", "/dev/null"], Variables));
    }

    /// <summary>A file of the container's version 1 group, whose name ends with the container's id.</summary>
    public string ReadGroup(string controller, string container, string file)
    {
        var group = ContainerGroups().Single(group =>
            group.StartsWith($"/sys/fs/cgroup/{controller}/", StringComparison.Ordinal)
            && group.EndsWith(container, StringComparison.Ordinal));
        return File.ReadAllText(Path.Join(group, file)).Trim();
    }

    /// <summary>Removes all containers, whatever their state, and fails when the control group of one is still there.</summary>
    public void RemoveContainers()
    {
        if (Missing is not null)
        {
            return;
        }

        RemoveAll();
        var end = DateTime.UtcNow + _patience;
        while (ContainerGroups().ToList() is { Count: > 0 } left)
        {
            Assert.True(DateTime.UtcNow < end, "left on the host:\n" + string.Join('\n', left));
            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        if (Missing is null)
        {
            Stop();
            WaitUntilGone();
            foreach (var group in OwnGroups().Reverse())
            {
                Directory.Delete(group);
            }

            foreach (var folder in ControllerFolders().Except(_foldersBefore))
            {
                Directory.Delete(folder);
            }

            Directory.Delete(State, recursive: true);
            Directory.Delete(RunFolder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    protected abstract string Program { get; }

    protected abstract IReadOnlyList<string> Globals { get; }

    protected virtual IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>();

    /// <summary>Adds to a command what it must always have.</summary>
    protected virtual IEnumerable<string> Complete(string[] arguments) => arguments;

    protected abstract void RemoveAll();

    /// <summary>Ends all that does not end with its containers.</summary>
    protected virtual void Stop() => RemoveAll();

    /// <summary>What `docker save` makes: the one form that ctr imports and that is easily written.</summary>
    protected void WriteDockerArchive(string path, string name)
    {
        var layer = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(RootArchive)));
        var configuration = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"sh\"]},"
            + $"\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[\"sha256:{layer}\"]}},\"history\":[{{}}]}}";
        using var writer = new TarWriter(File.Create(path));
        Add("config.json", new MemoryStream(Encoding.UTF8.GetBytes(configuration)));
        Add("layer.tar", File.OpenRead(RootArchive));
        Add("manifest.json", new MemoryStream(Encoding.UTF8.GetBytes(
            $"[{{\"Config\":\"config.json\",\"RepoTags\":[\"{name}\"],\"Layers\":[\"layer.tar\"]}}]")));

        void Add(string entry, Stream content)
        {
            using (content)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, entry) { DataStream = content });
            }
        }
    }

    private static IEnumerable<string> ControllerFolders() => Directory.EnumerateDirectories("/sys/fs/cgroup");

    // The group of the engine's own monitors is no container's.
    private IEnumerable<string> ContainerGroups() =>
        OwnGroups().Where(group => Path.GetFileName(group) != Name && Path.GetFileName(group) != "conmon");

    private IEnumerable<string> OwnGroups() => MountInfo.OfSelf()
        .Where(mount => mount.FileSystem is "cgroup" or "cgroup2")
        .Select(mount => Path.Join(mount.MountPoint, Name))
        .Where(Directory.Exists)
        .SelectMany(group => Directory.EnumerateDirectories(group, "*", SearchOption.AllDirectories).Prepend(group));

    // All of them have the name in their command line: it is in each path that they are given.
    private void WaitUntilGone()
    {
        var end = DateTime.UtcNow + _patience;
        while (Processes() is { Count: > 0 } left)
        {
            Assert.True(DateTime.UtcNow < end, "left running:\n" + string.Join('\n', left));
            Thread.Sleep(20);
        }
    }

    private List<string> Processes()
    {
        var found = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                var line = File.ReadAllText($"{directory}/cmdline").Replace('\0', ' ');
                if (line.Contains(Name, StringComparison.Ordinal))
                {
                    found.Add($"{directory[6..]} {line}");
                }
            }
            catch (IOException)
            {
                // It ended since it was listed.
            }
        }

        return found;
    }
}
