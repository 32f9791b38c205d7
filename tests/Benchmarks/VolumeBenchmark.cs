using System.Globalization;
using System.Text;

namespace PsContainers.Benchmarks;

/// <summary>What files cost in a volume, a bind and a container's own layer beside the bare host; what mounts add to a start.</summary>
internal static class VolumeBenchmark
{
    private const string Bare = "host";
    private const string Volume = "psc, volume";
    private const string Bind = "psc, bind";
    private const string Layer = "psc, writable layer";
    private const string Busybox = "/bin/busybox";

    // By a clock inside: what it takes to get into a container is another benchmark's.
    private const string Begin = "from=$EPOCHREALTIME; ";
    private const string End = "; code=$?; echo $from $EPOCHREALTIME; exit $code";
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
            Place(Bare, () => Native.Ask(
                Busybox, "sh", "-c", Timed(script).Replace("/tree.tar", tree, StringComparison.Ordinal), "sh", bare)),
            Place(Volume, () => Do(workspace, container, Timed(script), "/volume")),
            Place(Bind, () => Do(workspace, container, Timed(script), "/bind")),
            Place(Layer, () => Do(workspace, container, Timed(script), "/layer")),
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

        Contender Place(string name, Func<string> run)
        {
            var said = "";
            return new Contender(name, () => said = run())
            {
                Prepare = () => Native.Run("/bin/sync"),
                OwnTime = () => Milliseconds(said),
                Clear = () =>
                {
                    Native.Run("/bin/rm", "-rf", $"{bare}/x", $"{folder}/x");
                    Do(workspace, container, "rm -rf /volume/x /layer", "");
                },
            };
        }
    }

    private static Section Starts(Workspace workspace, int rounds)
    {
        for (var i = 0; i < Mounts; i++)
        {
            workspace.Services.CreateVolume.Execute(new VolumeCreation { Name = $"bench{i}" });
        }

        using var session = new WarmSession();
        using var podman = Podman.TryCreate(workspace);
        List<Contender> contenders =
        [
            Ours("psc, none", "start"),
            Ours("psc, 1 volume", "start with 1"),
            Ours($"psc, {Mounts} volumes", $"start with {Mounts}"),
            Ours($"psc, {Mounts} volumes where the image has nothing", $"start with {Mounts} elsewhere"),
        ];
        if (podman is not null)
        {
            contenders.AddRange(
                Peer("podman, none", 0, "/mnt"), Peer("podman, 1 volume", 1, "/mnt"), Peer($"podman, {Mounts} volumes", Mounts, "/mnt"),
                Peer($"podman, {Mounts} volumes where the image has nothing", Mounts, "/new"));
        }

        var measured = Rounds.Measure(contenders, rounds, warmUps: 5);
        var added = measured.Chunk(4).SelectMany(of => of.Skip(1).Select(with => Added(of[0], with))).ToList();
        return new Section(
            "Start time that volumes add",
            "ms",
            [.. measured, .. added],
            [
                new("1 mount ≤ 0.2 ms", added[0].Name, null, 0.2),
                new($"{Mounts} mounts ≤ {0.2 * Mounts} ms", added[1].Name, null, 0.2 * Mounts),
                new($"{Mounts} mounts ≤ {0.2 * Mounts} ms where their targets have to be made", added[2].Name, null, 0.2 * Mounts),
            ],
            "A container that is made and started in the background, ours from a warm session; its removal is not in it. Added is the "
            + "difference of the medians. The volumes are empty, and so are the directories of the image that they cover.");

        Contender Ours(string name, string request) => new(name, () => session.Do(request)) { Clear = () => session.Do("remove") };

        Contender Peer(string name, int count, string folder)
        {
            var volumes = Enumerable.Range(0, count).SelectMany(i => new[] { "--volume", $"bench{i}:{folder}/{i}" });
            string[] words = ["--detach", .. volumes, "busybox", "sleep", "100"];
            return new(name, () => podman!.Run(words)) { Clear = podman!.RemoveContainers };
        }
    }

    private static Measurement Added(Measurement without, Measurement with) =>
        new($"{with.Name}: added", with.Median - without.Median, with.Minimum - without.Minimum);

    private static string Timed(string script) => Begin + script + End;

    // Of the two times in seconds that such a script says.
    private static double Milliseconds(string said)
    {
        var times = said.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToList();
        return (times[1] - times[0]) * 1000;
    }

    private static Section Section(string title, string note, List<Measurement> measured) => new(
        title,
        "ms",
        measured,
        [
            new("volume ≥ 0.98 of the host's speed", Volume, Bare, 1 / 0.98),
            new("bind ≥ 0.98 of the host's speed", Bind, Bare, 1 / 0.98),
        ],
        note);

    private static string Do(Workspace workspace, Container container, string script, string place)
    {
        using var command = workspace.Services.ExecuteCommand.Start(
            new ContainerCommand { Container = container.Id, Command = ["sh", "-c", script, "sh", place] }, hasInput: false);
        var said = new StringBuilder();
        var code = command.Finish(line => said.Append(line.Text), CancellationToken.None);
        return code == 0 ? said.ToString() : throw new InvalidOperationException($"'{script}' in {place} ended with code {code}: {said}");
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
