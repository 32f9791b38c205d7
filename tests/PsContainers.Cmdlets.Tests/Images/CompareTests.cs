using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>What a container changed of its image; needs root and Debian's busybox-static.</summary>
public sealed class CompareTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public CompareTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Changes_of_a_container_are_objects_and_mount_points_are_none()
    {
        var result = _image.Command(
            "$null = New-Container busybox -Name changed -Command sh,-c,'echo new > /etc/new; rm /bin/id'; "
            + "(Compare-Container changed | Measure-Object).Count; $null = Start-Container changed; $null = Wait-Container changed; "
            + "Compare-Container chang* | ForEach-Object { \"$_ $($_.Type) $($_.Size)\" }; Remove-Container changed");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "0", "Modified /bin Directory 0", "Deleted /bin/id SymbolicLink 0", "Modified /etc Directory 0", "Added /etc/new File 4",
            ],
            result.Lines);
    }

    [Fact]
    public void Image_differs_from_itself_in_nothing_and_from_another_in_its_files()
    {
        var folder = Directory.CreateTempSubdirectory("psc-compare-").FullName;
        File.WriteAllText(Path.Combine(folder, "only"), "here");

        var result = _image.Command(
            $"$null = Import-ContainerImage -RootFileSystem {folder} -Name other; Compare-ContainerImage busybox busybox; "
            + "'other' | Compare-ContainerImage busybox | Where-Object Path -notlike '/*/*' | ForEach-Object { \"$_\" }; "
            + "Remove-ContainerImage other");

        Directory.Delete(folder, recursive: true);
        Assert.Empty(result.Error);
        Assert.Equal(
            ["Deleted /bin", "Deleted /dev", "Deleted /etc", "Added /only", "Deleted /proc", "Deleted /sys", "Deleted /tmp"], result.Lines);
    }
}
