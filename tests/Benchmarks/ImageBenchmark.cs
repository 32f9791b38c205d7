namespace PsContainers.Benchmarks;

/// <summary>Images from and to a registry, from and to archives; every command a process of its own, ours a cold psc.</summary>
internal static class ImageBenchmark
{
    private const string Ours = "psc";
    private const string Podman = "podman";
    private const string Pipe = "curl, gzip, tar";
    private const int Images = 5000;

    // Each of them takes seconds.
    private const int WarmUps = 1;

    public static IEnumerable<Section> Run(Workspace workspace, int rounds)
    {
        using var registry = PeerRegistry.TryCreate(workspace);
        if (registry is null || !ImageStores.HasPodman)
        {
            yield break;
        }

        using var docker = DockerDaemon.TryCreate(workspace);
        var stores = new ImageStores(workspace, docker);
        var debian = BenchmarkImages.Debian(workspace);
        var (one, ten) = ($"{registry.Host}/debian:12", $"{registry.Host}/ten:1");
        var tenArchive = BenchmarkImages.TenLayers(workspace, debian, ten);
        stores.Empty();
        stores.Psc($"Import-ContainerImage -RootFileSystem {debian} -Name {one}; Publish-ContainerImage {one} -AllowInsecure");
        stores.Psc($"Import-ContainerImage {tenArchive}; Publish-ContainerImage {ten} -AllowInsecure");

        yield return Pull(workspace, stores, registry, one, "a Debian in one layer", rounds);
        yield return Pull(workspace, stores, registry, ten, "the same files in ten layers", rounds);
        yield return Memory(stores, one, ten);
        yield return Compare(
            "second pull, nothing has changed", stores, rounds,
            () => stores.Psc($"Receive-ContainerImage {one} -AllowInsecure"),
            () => stores.RunPodman("pull", "--quiet", "--tls-verify=false", one),
            ["pull", "--quiet", one],
            isFresh: false);
        var archive = Path.Join(workspace.Folder, "exported.tar");
        yield return Compare(
            "export as docker-archive", stores, rounds,
            () => stores.Psc($"Export-ContainerImage {one} {archive} -Force"),
            () => stores.RunPodman("save", "--quiet", "--output", $"{archive}.podman", one),
            ["save", "--output", $"{archive}.docker", one],
            isFresh: false,
            () => File.Delete($"{archive}.podman"));
        yield return Compare(
            "import of a docker-archive", stores, rounds,
            () => stores.Psc($"Import-ContainerImage {tenArchive}"),
            () => stores.RunPodman("load", "--quiet", "--input", tenArchive),
            ["load", "--quiet", "--input", tenArchive]);
        stores.Empty();
        stores.Psc($"Receive-ContainerImage {one} -AllowInsecure");
        stores.RunPodman("pull", "--quiet", "--tls-verify=false", one);
        docker?.Run("pull", "--quiet", one);
        yield return Compare(
            "push into an empty registry", stores, rounds,
            () => stores.Psc($"Publish-ContainerImage {one} -AllowInsecure"),
            () => stores.RunPodman("push", "--quiet", "--tls-verify=false", one),
            ["push", "--quiet", one],
            isFresh: false,
            registry.Empty);
        stores.Psc($"$null = New-Container {one} -Name base -Command true; Start-Container base; $null = Wait-Container base");
        stores.RunPodman("create", "--name", "base", one, "true");
        docker?.Run("create", "--name", "base", "--network", "none", one, "true");
        yield return Compare(
            "commit of a container that changed nothing", stores, rounds,
            () => stores.Psc("ConvertTo-ContainerImage base -Name committed"),
            () => stores.RunPodman("commit", "--quiet", "base", "committed"),
            ["commit", "base", "committed"],
            isFresh: false);
        stores.Empty();
        stores.Psc($"Import-ContainerImage {BenchmarkImages.Many(workspace, Images)} | Out-Null");
        yield return new Section(
            $"List {Images} images", "ms",
            Rounds.Measure([new("psc, Get-ContainerImage", () => stores.Psc("$null = Get-ContainerImage"))], rounds, WarmUps), [],
            "No peer: podman takes minutes to be given as many.");
        stores.Empty();
    }

    private static Section Pull(Workspace workspace, ImageStores stores, PeerRegistry registry, string image, string what, int rounds)
    {
        var repository = image[(registry.Host.Length + 1)..image.LastIndexOf(':')];
        var script = $"""
            set -eo pipefail
            tree=$(mktemp -d {workspace.Folder}/tree.XXXX)
            base=http://{registry.Host}/v2/{repository}
            curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json' $base/manifests/{image[(image.LastIndexOf(':') + 1)..]} |
                grep -o '"sha256:[0-9a-f]*"' | tr -d '"' | tail -n +2 |
                while read -r blob; do curl -fsS $base/blobs/$blob | gzip -d | tar -C $tree --numeric-owner -xf -; done
            sync -f $tree
            """;
        List<Contender> contenders =
        [
            new(Ours, () => stores.Psc($"Receive-ContainerImage {image} -AllowInsecure")) { Prepare = stores.Empty },
            new(Podman, () => stores.RunPodman("pull", "--quiet", "--tls-verify=false", image)) { Prepare = stores.Empty },
            new(Pipe, () => Native.Run("/bin/bash", "-c", script)),
        ];
        contenders.AddRange(stores.OfDocker(stores.EmptyDocker, "pull", "--quiet", image));
        var measured = Rounds.Measure(contenders, rounds, WarmUps);
        stores.Empty();
        stores.Psc($"Receive-ContainerImage {image} -AllowInsecure");
        stores.RunPodman("pull", "--quiet", "--tls-verify=false", image);
        stores.Docker?.Run("pull", "--quiet", image);
        return new Section(
            $"Pull of {what} into an empty store", "ms", measured,
            [new($"{Ours} ≤ 0.6 × {Podman}", Ours, Podman, 0.6), new($"{Ours} ≤ 1.3 × {Pipe}", Ours, Pipe, 1.3)],
            "From docker-registry on loopback, gzip. The pipe fetches the same blobs one after the other and keeps no archive; "
            + "it syncs at its end, as we do.");
    }

    private static Section Memory(ImageStores stores, string one, string ten)
    {
        stores.Empty();
        var first = stores.PeakMemory($"Receive-ContainerImage {one} -AllowInsecure | Out-Null");
        var second = stores.PeakMemory($"Receive-ContainerImage {ten} -AllowInsecure | Out-Null");
        List<double> both = [first / 1024, second / 1024];
        return new Section(
            "Most memory while pulling", "MB", [Rounds.Measurement(Ours, both)], [new("psc ≤ 150 MB", Ours, null, 150)],
            "VmHWM of the whole psc process, PowerShell's engine included; median is the larger of the two images.");
    }

    private static Section Compare(
        string title,
        ImageStores stores,
        int rounds,
        Action ours,
        Action podman,
        string[] docker,
        bool isFresh = true,
        Action? prepare = null)
    {
        var before = isFresh ? stores.Empty : prepare;
        List<Contender> contenders =
        [
            new(Ours, ours) { Prepare = before },
            new(Podman, podman) { Prepare = before },
            .. stores.OfDocker(isFresh ? stores.EmptyDocker : prepare, docker),
        ];
        return new Section(
            char.ToUpperInvariant(title[0]) + title[1..], "ms", Rounds.Measure(contenders, rounds, WarmUps),
            [new($"{Ours} ≤ 0.6 × {Podman}", Ours, Podman, 0.6)], "Each command a process of its own; docker's asks its daemon.");
    }
}
