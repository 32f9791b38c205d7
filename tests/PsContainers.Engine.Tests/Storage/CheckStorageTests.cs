using System.Text;
using PsContainers.Engine.Images;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Storage;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Engine.Tests.Storage;

/// <summary>A store with one imported image, damaged in one way or another.</summary>
public sealed class CheckStorageTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly ContainerImage _image;
    private readonly ContainerImageLayer _layer;
    private readonly CheckStorage _check;
    private readonly RepairStorage _repair;

    public CheckStorageTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the owners in a layer");
        var archive = Path.Combine(_sandbox.Folder, "root.tar");
        using (var file = File.Create(archive))
        {
            var tar = new TarWriter(file);
            tar.Write(new TarEntry(TarEntryKind.Directory, "etc") { Mode = 0x1ed });
            tar.Write(new TarEntry(TarEntryKind.File, "etc/file") { Mode = 0x1a4, Size = 7, Modified = new FileTime(1, 2) });
            tar.WriteData("content"u8);
            tar.Write(new TarEntry(TarEntryKind.SymbolicLink, "etc/link") { LinkTarget = "file", Mode = 0x1ff });
            tar.Finish();
        }

        var import = new ImportImage(_sandbox.Paths, _sandbox.Images, _sandbox.Collection, _sandbox.Content, _sandbox.Layers);
        _image = import.Execute(new ImageImport { Path = archive, RootFileSystem = true, Name = "app" })[0];
        _layer = new GetImageLayers(_sandbox.Images, new ImageLookup(_sandbox.Images), _sandbox.Content, _sandbox.Layers)
            .Execute("app")[0];
        _check = new CheckStorage(_sandbox.Paths, _sandbox.Images, _sandbox.Content, _sandbox.Layers);
        _repair = new RepairStorage(
            _sandbox.Paths, _sandbox.Images, _sandbox.Content, _sandbox.Layers, _sandbox.Collection, _sandbox.Needs);
    }

    private string Tree => _layer.Path;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Store_as_imports_leave_it_has_no_problem_and_the_check_leaves_nothing()
    {
        Assert.Empty(Check());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    [Fact]
    public void Flipped_bit_of_an_unpacked_file_is_named_and_mended_from_the_blob()
    {
        var file = Path.Combine(Tree, "etc/file");
        var time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "cOntent");
        File.SetLastWriteTimeUtc(file, time);

        var problem = Assert.Single(Check());

        Assert.Equal((ContainerStorageProblemKind.DamagedLayer, _layer.ChainId, true), (problem.Kind, problem.Name, problem.CanRepair));
        Assert.Equal("differs from its archive in /etc/file", problem.Description);
        Assert.Equal(["app:latest"], problem.Images);
        Mend(problem);
        Assert.Equal("content", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("chmod 600 etc/file")]
    [InlineData("chown 1:2 etc")]
    [InlineData("touch etc/file")]
    [InlineData("touch new")]
    [InlineData("rm etc/link")]
    [InlineData("ln -sfn other etc/link")]
    [InlineData("setfattr -n trusted.overlay.opaque -v y etc")]
    public void Whatever_changed_in_a_layer_is_found_and_mended(string script)
    {
        using (var change = System.Diagnostics.Process.Start("/bin/sh", ["-ec", $"cd '{Tree}' && {script}"]))
        {
            change.WaitForExit();
            Assert.Equal(0, change.ExitCode);
        }

        var problem = Assert.Single(Check());

        Assert.Equal(ContainerStorageProblemKind.DamagedLayer, problem.Kind);
        Mend(problem);
    }

    [Fact]
    public void Flipped_bit_of_a_blob_is_named_and_gone_until_it_is_imported_again()
    {
        var blob = BlobOf(_layer.Digest!);
        var bytes = File.ReadAllBytes(blob);
        bytes[600] ^= 1;
        File.WriteAllBytes(blob, bytes);

        var problem = Assert.Single(Check());

        Assert.Equal((ContainerStorageProblemKind.DamagedBlob, _layer.Digest!), (problem.Kind, problem.Name));
        Assert.Empty(_check.Execute(quick: true));
        _repair.Execute(problem);
        var missing = Assert.Single(Check());
        Assert.Equal((ContainerStorageProblemKind.MissingBlob, false), (missing.Kind, missing.CanRepair));
        var error = Assert.Throws<ContainerEngineException>(() => _repair.Execute(missing));
        Assert.Equal("StorageRepairFailed", error.ErrorId);
        Assert.Contains("import the image again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shortened_blob_is_found_without_reading_it()
    {
        using (var file = File.OpenWrite(BlobOf(_layer.Digest!)))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Equal(ContainerStorageProblemKind.DamagedBlob, Assert.Single(_check.Execute(quick: true)).Kind);
    }

    [Theory]
    [InlineData("digest")]
    [InlineData("id")]
    public void Missing_document_is_named(string which)
    {
        var digest = which == "id" ? _image.Id : _image.Digest;
        File.Delete(BlobOf(digest));

        var problem = Check().Single(problem => problem.Kind == ContainerStorageProblemKind.MissingBlob);

        Assert.Equal((digest, "app:latest"), (problem.Name, Assert.Single(problem.Images)));
    }

    [Theory]
    [InlineData(true, false, "is not unpacked")]
    [InlineData(false, true, "has no record")]
    [InlineData(true, true, "is not unpacked")]
    public void Half_a_layer_is_found_and_unpacked_again(bool withoutTree, bool withoutRecord, string description)
    {
        if (withoutTree)
        {
            FileTree.Remove(Tree);
        }

        if (withoutRecord)
        {
            File.Delete(Tree + ".json");
        }

        var problem = Assert.Single(_check.Execute(quick: true));

        Assert.Equal((ContainerStorageProblemKind.MissingLayer, description), (problem.Kind, problem.Description));
        Mend(problem);
        Assert.Equal("content", File.ReadAllText(Path.Combine(Tree, "etc/file")));
    }

    [Fact]
    public void What_killed_sessions_left_is_found_and_collected()
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Ingest, "killed"));
        Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Layers, new string('a', 26)));
        File.WriteAllText(Path.Combine(_sandbox.Paths.Layers, new string('b', 26) + ".json"), "{}");
        File.WriteAllText(BlobOf($"{Sample.DigestOf("stray")}"), "stray", Encoding.UTF8);

        var problems = Check();

        Assert.All(problems, problem => Assert.Equal(ContainerStorageProblemKind.Abandoned, problem.Kind));
        Assert.Equal(
            [new string('a', 26), new string('b', 26) + ".json", "killed", $"{Sample.DigestOf("stray")}"],
            problems.Select(problem => problem.Name).Order(StringComparer.Ordinal));
        _repair.Execute(problems[0]);
        Assert.Empty(Check());
    }

    [Fact]
    public void Layer_that_a_running_container_uses_is_left_alone()
    {
        File.Delete(Tree + ".json");
        var row = _sandbox.Add(Sample.Container() with
        {
            ImageId = _image.Id,
            Status = ContainerStatus.Running,
            Boot = HostBoot.Id,
            Started = Sample.Time,
        });
        _sandbox.Run(row.Id).WriteLiveState();

        var error = Assert.Throws<ContainerEngineException>(() => _repair.Execute(Assert.Single(_check.Execute(quick: true))));

        Assert.Contains("running container 'web'", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Tree));
    }

    private IReadOnlyList<ContainerStorageProblem> Check() => _check.Execute(cancellation: TestContext.Current.CancellationToken);

    private void Mend(ContainerStorageProblem problem)
    {
        _repair.Execute(problem);
        Assert.Empty(Check());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    private string BlobOf(string digest) => Path.Combine(_sandbox.Paths.Blobs, "sha256", digest["sha256:".Length..]);
}
