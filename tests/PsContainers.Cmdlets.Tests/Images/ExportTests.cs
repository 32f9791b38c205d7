using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>Images and containers written to files; needs root and Debian's busybox-static.</summary>
public sealed class ExportTests : IClassFixture<BusyboxImage>, IDisposable
{
    private readonly BusyboxImage _image;
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-export-").FullName;

    public ExportTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("DockerArchive")]
    [InlineData("OciArchive")]
    [InlineData("OciLayout")]
    public void Exported_image_is_imported_as_the_same(string format)
    {
        var result = _image.Command(
            $"$f = Get-ContainerImage busybox | Export-ContainerImage -Path {_folder}/out -Format {format} -PassThru; $f.FullName; "
            + "$i = Import-ContainerImage $f; $i.Id -eq (Get-ContainerImage busybox).Id; $i.Names");

        Assert.Empty(result.Error);
        Assert.Equal([$"{_folder}/out", "True", "busybox:latest"], result.Lines);
    }

    [Fact]
    public void Image_from_the_pipeline_goes_under_all_of_its_names_and_a_name_alone()
    {
        var result = _image.Command(
            $"Add-ContainerImageTag busybox second; Get-ContainerImage busybox | Export-ContainerImage -Path {_folder}/all; "
            + $"Export-ContainerImage second {_folder}/one; Remove-ContainerImageTag second, busybox; "
            + $"(Import-ContainerImage {_folder}/one).Names -join ' '; (Import-ContainerImage {_folder}/all).Names -join ' '; "
            + "Remove-ContainerImageTag second");

        Assert.Empty(result.Error);
        Assert.Equal(["second:latest", "busybox:latest second:latest"], result.Lines);
    }

    [Fact]
    public void File_that_is_there_goes_by_force_only()
    {
        File.WriteAllText($"{_folder}/out", "mine");

        var refused = _image.Command(
            $"Export-ContainerImage busybox {_folder}/out -ErrorVariable e 2> $null; $e[0].FullyQualifiedErrorId.Split(',')[0]");
        Assert.Equal(["ExportPathInUse"], refused.Lines);
        Assert.Equal("mine", File.ReadAllText($"{_folder}/out"));

        Assert.Empty(_image.Command($"Export-ContainerImage busybox {_folder}/out -Force").Error);
        Assert.True(new FileInfo($"{_folder}/out").Length > 1000);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_if_writes_nothing()
    {
        var result = _image.Command($"Export-ContainerImage busybox {_folder}/out -WhatIf");

        Assert.Contains("busybox", Assert.Single(result.Lines), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
