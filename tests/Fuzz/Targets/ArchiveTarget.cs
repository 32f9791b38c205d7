using PsContainers.Fuzz.Mutation;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Layers;

namespace PsContainers.Fuzz.Targets;

/// <summary>Imports images. What is accepted is exported in every form and imported again as the same.</summary>
/// <remarks>The first byte of an input says how: 1 as a folder of its files, 2 compressed with gzip, else as it is.</remarks>
internal sealed class ArchiveTarget : FuzzTarget
{
    private static readonly LayerLimits _limits = new() { MaximumBytes = 16 * 1024 * 1024, MaximumEntries = 1000 };

    private readonly string _scratch;
    private readonly IReadOnlyList<byte[]> _archives;

    private Sandbox _sandbox;

    public ArchiveTarget(string scratch)
    {
        _scratch = scratch;
        var maker = new Sandbox(Directory.CreateDirectory($"{scratch}/maker").FullName);
        _archives = ImageSeeds.Archives(maker);
        _sandbox = NewSandbox();
    }

    public override IReadOnlyList<byte[]> Seeds() =>
        [.. _archives.SelectMany((archive, i) => new byte[][] { [0, .. archive], [1, .. archive], [2, .. Compression.Gzip(archive)] })];

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance)
    {
        var how = chance.OneIn(6) ? (byte)chance.Below(3) : KindOf(input);
        var (archive, second) = (ContentOf(input), ContentOf(other));
        if (Compression.TryPlain(archive) is not { } plain || chance.OneIn(10))
        {
            return [how, .. ByteMutation.Apply(archive, second, chance)];
        }

        var changed = ArchiveMutation.Apply(plain, Compression.TryPlain(second) ?? [], chance);
        return [how, .. how == 2 ? Compression.Gzip(changed) : changed];
    }

    public override string Run(byte[] input)
    {
        _sandbox.Clean();
        var path = Save(input);
        IReadOnlyList<ImportedImage> images;
        try
        {
            images = Import(path);
        }
        catch (ImageFormatException e)
        {
            Oracle.Holds(e.Message.StartsWith($"{path}: ", StringComparison.Ordinal), "the error does not name the archive");
            _sandbox.Check();
            return Oracle.Refusal(e);
        }

        try
        {
            _sandbox.Check();
            CheckExports(images);
        }
        finally
        {
            // All that was accepted goes, so that no input finds there what another one left.
            PsContainers.Linux.FileTree.Remove(_sandbox.Folder);
            _sandbox = NewSandbox();
        }

        return "accepted";
    }

    private Sandbox NewSandbox() => new(Directory.CreateDirectory($"{_scratch}/sandbox").FullName);

    private string Save(byte[] input)
    {
        var (how, archive) = (KindOf(input), ContentOf(input));
        var path = _sandbox.PathOf("input");
        if (how != 1)
        {
            File.WriteAllBytes(path, archive);
            return path;
        }

        Directory.CreateDirectory(path);
        foreach (var (name, content) in ArchiveMutation.TryFiles(archive) ?? [])
        {
            // What can't be the name of a file here is no part of the folder.
            var file = Path.GetFullPath($"{path}/{name}");
            if (file.StartsWith($"{path}/", StringComparison.Ordinal))
            {
                TryWrite(file, content);
            }
        }

        return path;
    }

    private static void TryWrite(string file, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Too long, or below a file.
        }
    }

    private IReadOnlyList<ImportedImage> Import(string path)
    {
        using var staged = ImageArchive.Stage(path, _sandbox.Content, _sandbox.Layers, _limits);
        staged.Commit(() => { });
        return staged.Images;
    }

    private void CheckExports(IReadOnlyList<ImportedImage> images)
    {
        var exported = images.Select(image => new ExportedImage(image.ManifestDigest, image.Names)).ToList();
        var (docker, oci, layout) = (_sandbox.PathOf("docker.tar"), _sandbox.PathOf("oci.tar"), _sandbox.PathOf("layout"));
        ImageArchiveWriter.WriteDockerArchive(docker, overwrite: false, _sandbox.Content, exported, CancellationToken.None);
        ImageArchiveWriter.WriteOciArchive(oci, overwrite: false, _sandbox.Content, exported, CancellationToken.None);
        ImageArchiveWriter.WriteOciLayout(layout, overwrite: false, _sandbox.Content, exported, CancellationToken.None);
        Compare(images, Import(docker), "as docker-archive");
        Compare(images, Import(oci), "as OCI archive");
        Compare(images, Import(layout), "as OCI layout");
    }

    // A configuration is what makes the image: Docker's manifests are said in other words where the form wants that.
    private static IEnumerable<string> Meanings(IReadOnlyList<ImportedImage> images) => images.SelectMany(image =>
        image.Names.Append("").Select(name => $"{name} {image.ConfigDigest} {string.Join(' ', image.ChainIds)}"));

    private static void Compare(IReadOnlyList<ImportedImage> images, IReadOnlyList<ImportedImage> again, string form) =>
        Oracle.Holds(Meanings(images).ToHashSet().SetEquals(Meanings(again)), $"written {form}, it is not the same");
}
