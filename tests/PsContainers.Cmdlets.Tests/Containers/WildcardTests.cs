namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>Names with wildcards, on real containers; needs root and Debian's busybox-static.</summary>
public sealed class WildcardTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public WildcardTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void Pattern_stands_for_every_container_it_matches()
    {
        var result = _image.Command(
            "$null = 'w1', 'w2', 'other' | ForEach-Object { New-Container busybox -Name $_ -Command sh,-c,\"echo $_; sleep 60\" }; "
            + "(Start-Container w*).Name; Get-ContainerLog w? -Follow | Select-Object -First 1 | ForEach-Object Text; "
            + "Stop-Container w* -Timeout 0; "
            + "(Wait-Container [vw]*).ExitCode; Remove-Container w*; (Get-Container).Name; Remove-Container *");

        Assert.Equal(["w1", "w2", "w1", "137", "137", "other"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Pattern_that_matches_nothing_does_nothing()
    {
        var result = _image.Command("Stop-Container nothing*; Remove-Container nothing*; Remove-ContainerImage nothing*; $?");

        Assert.Equal(["True"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void What_if_names_what_a_pattern_matches()
    {
        var result = _image.Command(
            "$null = New-Container busybox -Name named -Command true; Remove-Container na* -WhatIf; Remove-Container named");

        Assert.Equal(["What if: Performing the operation \"Remove-Container\" on target \"named\"."], result.Lines);
    }

    [Fact]
    public void Pattern_takes_names_off_images()
    {
        var result = _image.Command(
            "$source = Join-Path $env:PSCONTAINERS_ROOT ../named; $null = New-Item -ItemType Directory $source/etc -Force; "
            + "$null = 'n1', 'n2', 'kept' | ForEach-Object { Import-ContainerImage -RootFileSystem $source -Name $_ }; "
            + "Remove-ContainerImage n?:*; (Get-ContainerImage kept).Names; Remove-ContainerImage kept");

        Assert.Equal(["kept:latest"], result.Lines);
        Assert.Empty(result.Error);
    }
}
