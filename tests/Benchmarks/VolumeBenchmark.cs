namespace PsContainers.Benchmarks;

/// <summary>What files cost in a volume, a bind and a container's own layer beside the bare host; what mounts add to a start.</summary>
internal static class VolumeBenchmark
{
    private const string Bare = "host";
    private const string Volume = "psc, volume";
    private const string Bind = "psc, bind";
    private const string Layer = "psc, writable layer";
    private const string Busybox = "/bin/busybox";
    private const string Write = "mkdir -p $1/x && dd if=/dev/zero of=$1/x/f bs=1M count=512 conv=fsync 2> /dev/null";
    private const string Unpack = "mkdir -p $1/x && tar -xf /tree.tar -C $1/x";
    private const int Folders = 200;

    // Not many more: ext4 looks at every inode that was freed within the last minutes when it makes one, and each round frees all of them.
    private const int FilesPerFolder = 10;
    private const int Mounts = 20;

    public static IEnumerable<Section> Run(Workspace workspace, int rounds)
    {
        var tree = MakeTree(workspace);
        var folder = Directory.CreateDirectory(Path.Join(workspace.Folder, "bind")).FullName;
        var bare = Directory.CreateDirectory(Path.Join(workspace.Folder, "bare")).FullName;
        var container = workspace.Services.StartNewContainer.Execute(new ContainerCreation
        {
            Image = "busybox",
            Command = ["sleep", "3600"],
            Networks = [new NetworkConnection { Network = "None" }],
            Mounts =
            [
                ContainerMount.ParseVolume("bench:/volume"), ContainerMount.ParseVolume($"{folder}:/bind"),
                ContainerMount.ParseVolume($"{tree}:/tree.tar:ro"),
            ],
        });

        Contender[] Places(string script) =>
        [
            Place(Bare, () => Native.Run(Busybox, "sh", "-c", script.Replace("/tree.tar", tree, StringComparison.Ordinal), "sh", bare)),
            Place(Volume, () => Do(workspace, container, script, "/volume")),
            Place(Bind, () => Do(workspace, container, script, "/bind")),
            Place(Layer, () => Do(workspace, container, script, "/layer")),
        ];

        yield return Section(
            "Write 512 MiB in a volume",
            "`dd` of a mebibyte at a time, with an fsync at the end; ours by a command in a running container.",
            Rounds.Measure(Places(Write), rounds, warmUps: 1));
        yield return Section(
            $"Unpack {Folders * FilesPerFolder} files in a volume",
            "`tar` of small files in many folders; ours by a command in a running container.",
            Rounds.Measure(Places(Unpack), rounds, warmUps: 1));
        workspace.Services.RemoveContainer.Execute(container.Id, force: true);
        yield return Starts(workspace, rounds * 4);
        foreach (var volume in workspace.Services.GetVolumes.Execute())
        {
            workspace.Services.RemoveVolume.Execute(volume.Id);
        }

        Contender Place(string name, Action run) => new(name, run)
        {
            Prepare = () => Native.Run("/bin/sync"),
            Clear = () =>
            {
                Native.Run("/bin/rm", "-rf", $"{bare}/x", $"{folder}/x");
                Do(workspace, container, "rm -rf /volume/x /layer", "");
            },
        };
    }

    private static Section Starts(Workspace workspace, int rounds)
    {
        for (var i = 0; i < Mounts; i++)
        {
            workspace.Services.CreateVolume.Execute(new VolumeCreation { Name = $"bench{i}" });
        }

        using var session = new WarmSession();
        using var podman = Podman.TryCreate(workspace);
        string[] volumes = [.. Enumerable.Range(0, Mounts).SelectMany(i => new[] { "--volume", $"bench{i}:/m/{i}" })];
        List<Contender> contenders =
        [
            new("psc, none", () => session.Do("invoke")),
            new("psc, 1 volume", () => session.Do("volume")),
            new($"psc, {Mounts} volumes", () => session.Do("volumes")),
        ];
        if (podman is not null)
        {
            contenders.Add(new("podman, none", () => podman.Run("--rm", "busybox", "true")));
            contenders.Add(new($"podman, {Mounts} volumes", () => podman.Run([.. volumes, "--rm", "busybox", "true"])));
        }

        var measured = Rounds.Measure(contenders, rounds, warmUps: 10);
        measured.Add(Added("psc: added by 1", measured[0], measured[1]));
        measured.Add(Added($"psc: added by {Mounts}", measured[0], measured[2]));
        if (podman is not null)
        {
            measured.Add(Added($"podman: added by {Mounts}", measured[3], measured[4]));
        }

        return new Section(
            "Start time that volumes add",
            "ms",
            measured,
            [
                new("1 mount ≤ 0.2 ms", "psc: added by 1", null, 0.2),
                new($"{Mounts} mounts ≤ {0.2 * Mounts} ms", $"psc: added by {Mounts}", null, 0.2 * Mounts),
            ],
            "`true` in a container, ours from a warm session. Added is the difference of the medians.");
    }

    private static Measurement Added(string name, Measurement without, Measurement with) =>
        new(name, with.Median - without.Median, with.Minimum - without.Minimum);

    private static Section Section(string title, string note, List<Measurement> measured) => new(
        title,
        "ms",
        measured,
        [
            new("volume ≥ 0.98 of the host's speed", Volume, Bare, 1 / 0.98),
            new("bind ≥ 0.98 of the host's speed", Bind, Bare, 1 / 0.98),
        ],
        note);

    private static void Do(Workspace workspace, Container container, string script, string place)
    {
        using var command = workspace.Services.ExecuteCommand.Start(
            new ContainerCommand { Container = container.Id, Command = ["sh", "-c", script, "sh", place] }, hasInput: false);
        var code = command.Finish(_ => { }, CancellationToken.None);
        if (code != 0)
        {
            throw new InvalidOperationException($"'{script}' in {place} ended with code {code}");
        }
    }

    private static string MakeTree(Workspace workspace)
    {
        var root = Directory.CreateDirectory(Path.Join(workspace.Folder, "tree")).FullName;
        var content = new byte[3000];
        for (var i = 0; i < Folders; i++)
        {
            var folder = Directory.CreateDirectory(Path.Join(root, $"folder{i}")).FullName;
            for (var j = 0; j < FilesPerFolder; j++)
            {
                File.WriteAllBytes(Path.Join(folder, $"file{j}.c"), content);
            }
        }

        Native.Ask("/bin/tar", "-C", root, "-cf", root + ".tar", ".");
        Directory.Delete(root, recursive: true);
        return root + ".tar";
    }
}
