using System.Diagnostics;
using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>A copy of the sample store, and what has to be true of it whatever happened.</summary>
internal sealed class StoreCopy(SampleStore sample, string folder, EnginePaths paths) : IDisposable
{
    /// <summary>What an archive of the store's images is written to.</summary>
    internal string Target { get; } = Path.Join(folder, "out");

    internal EnginePaths Paths => paths;

    internal SampleStore Sample => sample;

    /// <summary>A name in the registry that no other copy uses.</summary>
    internal string Destination => $"{sample.Registry.Host}/published/copy{Path.GetFileName(paths.Run)}:1";

    private IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["PSCONTAINERS_ROOT"] = paths.Root,
        ["PSCONTAINERS_RUN"] = paths.Run,
    };

    internal ContainerServices Open() => ContainerServices.Open(paths, Repository.Launcher);

    /// <summary>Whether the registry has what <see cref="Destination"/> names.</summary>
    internal bool IsPublished()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Accept", "application/vnd.oci.image.manifest.v1+json");
        var (name, tag) = (Destination[(Destination.IndexOf('/') + 1)..^2], "1");
        using var answer = client.GetAsync(new Uri($"http://{sample.Registry.Host}/v2/{name}/manifests/{tag}")).GetAwaiter().GetResult();
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Starts a shell on this store, with a program before it, such as strace.</summary>
    internal Process Start(string script, params IReadOnlyList<string> tracer)
    {
        string[] words = [.. tracer, Repository.Shell, "-NonInteractive", "-Command", script];
        return HostCommand.Start(words[0], words[1..], Variables);
    }

    /// <summary>Every image is listed, is what its digests say, and can be run.</summary>
    internal static void AssertWhole(ContainerServices services, params IReadOnlyList<string> names)
    {
        Assert.Empty(services.CheckStorage.Execute());
        var images = services.GetImages.Execute().SelectMany(image => image.Names).ToList();
        Assert.Empty(names.Except(images));
        foreach (var name in images)
        {
            var output = new List<string>();
            services.RunContainer.Execute(
                new ContainerCreation { Image = name, Command = ["cat", "/etc/gone", "/incoming", "/second"], RemoveOnExit = true },
                line => output.Add(line.Text),
                CancellationToken.None);
            Assert.True(output.Count >= 2, $"{name} prints {string.Join(", ", output)}");
        }
    }

    /// <summary>Collects, and compares the files with those of a fresh store that was given the same images.</summary>
    internal void AssertNothingLeft(params IReadOnlyList<string> targets)
    {
        List<string> images;
        var archive = Path.Join(folder, "all.tar");
        using (var services = Open())
        {
            Clear(services);
            images = [.. services.GetImages.Execute().SelectMany(image => image.Names)];
            services.ExportImage.Execute(new ImageExport { Images = images, Path = archive, Format = ContainerImageFormat.OciArchive });
        }

        var fresh = new EnginePaths(Path.Join(folder, "fresh"), $"{paths.Run}.fresh");
        using (var services = ContainerServices.Open(fresh, Repository.Launcher))
        {
            services.ImportImage.Execute(new ImageImport { Path = archive });
        }

        Assert.Equal(Files(fresh), Files(paths));
        Assert.Equal(
            new[] { "all.tar", "fresh", "root" }.Concat(targets).Order(StringComparer.Ordinal),
            Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Directory.Delete(fresh.Root, recursive: true);
        Directory.Delete(fresh.Run, recursive: true);
        File.Delete(archive);
    }

    /// <summary>Clear-ContainerStorage -Force.</summary>
    internal static void Clear(ContainerServices services)
    {
        foreach (var item in services.FindReclaimable.Execute(named: false))
        {
            services.ReclaimStorage.Execute(item);
        }
    }

    public void Dispose()
    {
        foreach (var left in new[] { folder, paths.Run }.Where(Directory.Exists))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    // The trees of layers are compared by whether the check of the store finds fault with them. Lock files are made when they are needed.
    private static List<string> Files(EnginePaths paths) =>
    [
        .. Below(paths.Root).Concat(Directory.EnumerateFileSystemEntries(paths.Layers))
            .Concat(new[] { paths.Containers, paths.Ingest, paths.Downloads, paths.Blobs }.SelectMany(path => Below(path)))
            .Concat(Directory.EnumerateDirectories(paths.Blobs).SelectMany(path => Below(path)))
            .Select(path => Path.GetRelativePath(paths.Root, path))
            .Where(path => path is not "downloads" and not "mounts.lock")
            .Concat(Below(paths.Run).Concat(Below(paths.Locks)).Select(path => Path.GetRelativePath(paths.Run, path)))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Below(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : [];
}
