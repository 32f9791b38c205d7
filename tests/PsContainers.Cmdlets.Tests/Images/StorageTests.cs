using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>What the store holds and what nothing needs; needs root and Debian's busybox-static.</summary>
public sealed class StorageTests : IDisposable
{
    private readonly BusyboxImage _image = new();

    public StorageTests() => Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);

    public void Dispose() => _image.Dispose();

    [Fact]
    public void What_would_be_done_with_an_image_or_a_container_is_said_with_its_bytes()
    {
        var result = _image.Command(
            "$null = Start-Container -Image busybox -Name weighed -Command sh, -c, 'yes | head -c 12345 > /tmp/file'; "
            + "$null = Wait-Container weighed; Add-ContainerImageTag busybox busybox:two; "
            + "$i = Get-ContainerImage busybox; $i.Size; Export-ContainerImage busybox /none/file -WhatIf; "
            + "Mount-ContainerImage busybox:two -WhatIf; Publish-ContainerImage busybox registry.example/x:1 -WhatIf; "
            + "ConvertTo-ContainerImage weighed new:1 -WhatIf; Export-Container weighed /none/file -WhatIf; "
            + "Remove-ContainerImage busybox:two -WhatIf; Remove-ContainerImageTag busybox:two; $i | Remove-ContainerImage -WhatIf; "
            + "Remove-Container weighed");

        Assert.Equal("", result.Error);
        var size = result.Lines[0];
        Assert.Equal(
            [
                $"\"Export-ContainerImage /none/file\" on target \"busybox ({size} bytes)\"",
                $"\"Mount-ContainerImage\" on target \"busybox:two ({size} bytes)\"",
                $"\"Publish-ContainerImage registry.example/x:1\" on target \"busybox ({size} bytes)\"",
                "\"ConvertTo-ContainerImage new:1\" on target \"weighed (12345 bytes)\"",
                "\"Export-Container /none/file\" on target \"weighed (12345 bytes)\"",
                "\"Remove-ContainerImage\" on target \"busybox:two (0 bytes)\"",
                $"\"Remove-ContainerImage\" on target \"busybox:latest ({size} bytes)\"",
            ],
            result.Lines[1..].Select(line => line["What if: Performing the operation ".Length..].TrimEnd('.')));
    }

    [Fact]
    public void What_if_lists_each_object_with_its_bytes_and_removes_none()
    {
        var result = _image.Command(
            "$null = New-Container busybox -Name stopped -Command sh,-c,'echo 12345 > /new'; $null = Start-Container stopped; "
            + "$null = Wait-Container stopped; $null = ConvertTo-ContainerImage stopped dangling; Remove-ContainerImageTag dangling; "
            + "$null = Start-Container -Image busybox -Name running -Command sleep,60; Clear-ContainerStorage -All -WhatIf; "
            + "'--'; (Get-Container).Count; (Get-ContainerImage).Count");

        Assert.Empty(result.Error);
        Assert.Equal(5, result.Lines.Length);
        Assert.Matches(@"Container stopped \([1-9]\d* bytes\)", result.Lines[0]);
        Assert.Matches(@"Image [0-9a-f]{12} \(6 bytes\)", result.Lines[1]);
        Assert.Equal(["--", "2", "2"], result.Lines[2..]);

        var removed = _image.Command(
            "Clear-ContainerStorage -Force -PassThru | ForEach-Object Kind; (Get-Container).Name; (Get-ContainerImage).Name");

        Assert.Equal(["Container", "Image", "running", "busybox:latest"], removed.Lines);
    }

    [Fact]
    public void Images_that_nothing_uses_go_by_age_and_name()
    {
        var result = _image.Command(
            "Add-ContainerImageTag busybox other; $null = New-Container busybox -Name user -Command true; "
            + "Remove-ContainerImage -Unused; (Get-ContainerImage).Count; Remove-Container user; "
            + "Remove-ContainerImage -Unused -Before ([datetime]::Now.AddDays(-1)); Remove-ContainerImage -Dangling; "
            + "(Get-ContainerImage).Count; "
            + "Remove-ContainerImage -Unused -WhatIf; Remove-ContainerImage -Unused; (Get-ContainerImage | Measure-Object).Count; "
            + "(Measure-ContainerStorage | Measure-Object Size -Sum).Sum");

        Assert.Empty(result.Error);
        Assert.Equal(["1", "1"], result.Lines[..2]);
        Assert.Matches(@"Image busybox:latest \([1-9]\d+ bytes\)", result.Lines[2]);
        Assert.Equal(["0", "0"], result.Lines[3..]);
    }

    [Fact]
    public void Damaged_layer_is_warned_of_listed_and_mended()
    {
        var result = _image.Command(
            "Test-ContainerStorage; $l = Get-ContainerImageLayer busybox; [IO.File]::Delete(\"$($l.Path)/bin/id\"); "
            + "Test-ContainerStorage 3> $null; $p = Test-ContainerStorage -Detailed; \"$($p.Kind) $($p.Description) $($p.Images)\"; "
            + "(Repair-ContainerStorage -PassThru).Name -eq $l.ChainId; Test-ContainerStorage; "
            + "Test-Path \"$($l.Path)/bin/id\"; [IO.Directory]::Delete(\"$($l.Path)\", $true); Repair-ContainerStorage -WhatIf");

        Assert.Empty(result.Error);
        Assert.Equal(
            ["True", "False", "DamagedLayer differs from its archive in /bin/id busybox:latest", "True", "True", "True"],
            result.Lines[..6]);
        Assert.Matches(@"MissingLayer sha256:[0-9a-f]{64}: is not unpacked \(0 bytes\)", result.Lines[6]);
        Assert.Empty(_image.Command("Repair-ContainerStorage").Error);
    }

    [Fact]
    public void Sums_tell_what_is_in_use()
    {
        var result = _image.Command(
            "Invoke-Container busybox -Remove -Volume summed:/data -Command sh,-c,'echo four > /data/x'; "
            + "$null = Start-Container -Image busybox -Name running -Command sleep,60; "
            + "Measure-ContainerStorage | ForEach-Object { \"$($_.Kind) $($_.Count) $($_.Active) $($_.Size -gt 0) $($_.Reclaimable)\" }; "
            + "Remove-Container running -Force; (Measure-ContainerStorage)[0].Reclaimable -eq (Get-ContainerImage busybox).Size; "
            + "Remove-ContainerVolume summed");

        Assert.Empty(result.Error);
        Assert.Equal(
            [
                "Images 1 1 True 0", "Archives 3 3 True 0", "Containers 1 1 True 0", "Volumes 1 0 True 5", "Downloads 0 0 False 0",
                "Abandoned 0 0 False 0", "True",
            ],
            result.Lines);
    }
}
