using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>Names and layers of an image in a real store; needs root and Debian's busybox-static.</summary>
public sealed class TagTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public TagTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Names_come_and_go_by_pipeline_and_by_pattern()
    {
        var result = _image.Command(
            "(Get-ContainerImage busybox | Add-ContainerImageTag -Tag tag-a, tag-b:2 -PassThru).Names -join ' '; "
            + "Remove-ContainerImageTag tag-* -WhatIf | Out-Null; 'tag-a' | Remove-ContainerImageTag; Remove-ContainerImageTag tag-*; "
            + "(Get-ContainerImage busybox).Names");

        Assert.Empty(result.Error);
        Assert.Equal("busybox:latest tag-a:latest tag-b:2", result.Lines[0]);
        Assert.Equal("busybox:latest", result.Lines[^1]);
    }

    [Fact]
    public void Layer_has_the_size_and_the_folder_of_its_tree()
    {
        var result = _image.Command(
            "$l = Get-ContainerImageLayer busybox; $l.Position; Test-Path \"$($l.Path)/bin/busybox\"; "
            + "$l.Size -eq (Get-ContainerImage busybox).Size; $l.ArchiveSize -gt $l.Size; "
            + "(Get-ContainerImageHistory busybox).DiffId -eq $l.DiffId");

        Assert.Equal(["0", "True", "True", "True", "True"], result.Lines);
    }

    [Fact]
    public void Unknown_tag_is_an_error_record()
    {
        var result = _image.Command(
            "Remove-ContainerImageTag nope -ErrorVariable e 2> $null; $e[0].FullyQualifiedErrorId.Split(',')[0]; $e[0].TargetObject");

        Assert.Equal(["ImageNotFound", "nope"], result.Lines);
    }
}
