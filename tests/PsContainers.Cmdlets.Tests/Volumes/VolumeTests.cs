using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Volumes;

/// <summary>Volumes and mounts as they are typed; needs root and Debian's busybox-static.</summary>
public sealed class VolumeTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public VolumeTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Fact]
    public void A_volume_has_what_was_asked_for_and_tells_its_size()
    {
        var result = _image.Command(
            "$v = New-ContainerVolume sized -Label team=web, only; "
            + "$v.Name, $v.Driver, $v.Anonymous, $v.Status, $v.Label.team, $v.Id.Length; "
            + "Invoke-Container busybox -Remove -Volume sized:/data -Command sh,-c,'yes | head -c 1000 > /data/x'; "
            + "(Get-ContainerVolume sized).Size; Get-ContainerVolume -Label team=web | Remove-ContainerVolume -WhatIf; "
            + "Remove-ContainerVolume sized; (Get-ContainerVolume).Count");

        Assert.Empty(result.Error);
        Assert.Equal(["sized", "local", "False", "Ready", "web", "64", "1000"], result.Lines.Take(7));
        Assert.Contains("sized (1000 bytes)", result.Lines[7], StringComparison.Ordinal);
        Assert.Equal("0", result.Lines[8]);
    }

    [Fact]
    public void A_mount_is_typed_as_text_hashtable_or_object()
    {
        var result = _image.Command(
            "Set-Location $env:PSCONTAINERS_ROOT; $null = New-Item -ItemType Directory here; "
            + "[IO.File]::WriteAllText(\"$PWD/here/x\", 'seen'); "
            + "$c = New-Container busybox -Name typed -Volume ./here:/a:ro -Tmpfs '/t:size=1m' "
            + "-Mount 'type=bind,source=here,target=/b', @{ Source = './here'; Target = '/c'; ReadOnly = $true }, "
            + "@{ Type = 'Tmpfs'; Target = '/d'; Size = '2m'; Mode = 750 } "
            + "-Command sh,-c,'cat /a/x; cat /b/x; cat /c/x; grep -c -E \" /(a|b|c|d|t) \" /proc/self/mountinfo'; "
            + "$c.Mount | ForEach-Object { \"$_\" }; $null = Start-Container typed; $null = Wait-Container typed; "
            + "(Get-ContainerLog typed).Text; "
            + "Invoke-Container busybox -Remove -Mount $c.Mount -Command cat, /c/x; Remove-Container typed");

        Assert.Empty(result.Error);
        var here = Path.Combine(_image.Root, "here");
        Assert.Equal(
            [
                $"type=bind,source={here},target=/b", $"type=bind,source={here},target=/c,readonly",
                "type=tmpfs,target=/d,tmpfs-size=2097152,tmpfs-mode=750", $"type=bind,source={here},target=/a,readonly",
                "type=tmpfs,target=/t,tmpfs-size=1048576", "seenseenseen5", "seen",
            ],
            result.Lines);
    }

    [Fact]
    public void A_source_is_meant_as_PowerShell_means_paths()
    {
        var result = _image.Command(
            "$null = New-Item -ItemType Directory $env:PSCONTAINERS_ROOT/driven/below; "
            + "$state = $ExecutionContext.SessionState; "
            + "$drive = [System.Management.Automation.PSDriveInfo]::new('Driven', $state.Provider.GetOne('FileSystem'), "
            + "\"$env:PSCONTAINERS_ROOT/driven\", '', $null); "
            + "$null = $state.Drive.New($drive, 'Global'); Set-Location Driven:/below; "
            + "$c = New-Container busybox -Volume Driven:/below:/a:ro, .:/b, ~:/c, ..:/d -Command true; $c.Mount.Source; $HOME; "
            + "Remove-Container $c.Id");

        Assert.Empty(result.Error);
        var driven = Path.Combine(_image.Root, "driven");
        Assert.Equal([$"{driven}/below", $"{driven}/below", result.Lines[4], driven], result.Lines[..4].Select(Trimmed));

        static string Trimmed(string path) => Path.TrimEndingDirectorySeparator(path);
    }

    [Theory]
    [InlineData("-Volume /nowhere/at/all:/a", "MountSourceNotFound")]
    [InlineData("-Mount 'type=volume,source=x,target=a'", "InvalidMount")]
    [InlineData("-Volume x:/a, y:/a/", "InvalidMount")]
    [InlineData("-Mount @{ Target = '/a'; Source = 'x'; VolumeDriver = 'floppy' }", "VolumeDriverNotFound")]
    [InlineData("-Mount @{ Target = '/a'; Source = 'x'; VolumeOption = @{ color = 'red' } }", "VolumeInvalid")]
    [InlineData("-Mount 'type=image,source=nope,target=/a'", "ImageNotFound")]
    [InlineData("-VolumesFrom nope", "ContainerNotFound")]
    [InlineData("-Mount 'type=floppy,target=/a'", "ParameterArgumentTransformationError")]
    [InlineData("-Volume x:/a:fast", "ParameterArgumentTransformationError")]
    [InlineData("-Mount @{ Source = 'x' }", "ParameterArgumentTransformationError")]
    [InlineData("-Mount @{ Target = '/a'; Colour = 'red' }", "ParameterArgumentTransformationError")]
    public void Mistake_is_an_error_record_and_makes_nothing(string parameters, string id)
    {
        var result = _image.Command(
            $"try {{ New-Container busybox -Name mistaken -Command true {parameters} -ErrorAction Stop }} "
            + "catch { $_.FullyQualifiedErrorId.Split(',')[0] }; Get-Container mistaken*; Get-ContainerVolume");

        Assert.Equal([id], result.Lines);
    }

    [Fact]
    public void A_volume_is_renamed_copied_exported_imported_mounted_and_removed()
    {
        var result = _image.Command(
            "Invoke-Container busybox -Remove -Volume life:/data -Command sh,-c,'echo life > /data/x'; "
            + "Rename-ContainerVolume life second; $null = Copy-ContainerVolume second third; "
            + "$file = (Export-ContainerVolume third \"$env:PSCONTAINERS_ROOT/third.tar\" -PassThru).FullName; "
            + "(Import-ContainerVolume $file fourth -Label from=third).Label.from; "
            + "$m = Mount-ContainerVolume fourth; [IO.File]::ReadAllText(\"$($m.Path)/x\").Trim(); "
            + "try { Remove-ContainerVolume fourth -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }; "
            + "$m | Dismount-ContainerVolume; (Get-ContainerVolume).Name; "
            + "Remove-ContainerVolume -Unused; (Get-ContainerVolume).Count; "
            + "Remove-ContainerVolume -Unused -All; (Get-ContainerVolume).Count");

        Assert.Empty(result.Error);
        Assert.Equal(["third", "life", "VolumeInUse", "fourth", "second", "third", "3", "0"], result.Lines);
    }

    [Fact]
    public void A_volume_is_measured_only_for_who_is_asked()
    {
        var result = _image.Command(
            "$null = New-ContainerVolume lazy; Remove-ContainerVolume lazy -WhatIf; Remove-ContainerVolume lazy -Verbose 4>&1; "
            + "(Get-ContainerVolume).Count");

        Assert.Empty(result.Error);
        Assert.Contains("lazy (0 bytes)", result.Lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("bytes", result.Lines[1], StringComparison.Ordinal);
        Assert.Equal("0", result.Lines[2]);
    }

    [Theory]
    [InlineData("/etc/passwd:/bin")]
    [InlineData("/etc:/bin/busybox")]
    public void A_directory_on_a_file_is_called_that(string volume)
    {
        var result = _image.Command(
            $"try {{ Invoke-Container busybox -Remove -Volume {volume} -Command true -ErrorAction Stop }} catch {{ \"$_\" }}");

        Assert.Contains("one of them is a directory, and the other is not", Assert.Single(result.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_piped_says_the_other_name_too()
    {
        var result = _image.Command(
            "[pscustomobject]@{ Name = 'piped'; Driver = 'tmpfs' }, [pscustomobject]@{ Name = 'piped2'; Driver = '' } "
            + "| New-ContainerVolume | ForEach-Object { \"$($_.Name) $($_.Driver)\" }; "
            + "Get-ContainerVolume piped2 | Rename-ContainerVolume -NewName { \"$($_.Name)x\" } -PassThru | ForEach-Object Name; "
            + "Get-ContainerVolume piped* | Copy-ContainerVolume -Destination { \"again-$($_.Name)\" } | ForEach-Object Name; "
            + "Get-ContainerVolume piped2x "
            + "| Export-ContainerVolume -Path { \"$env:PSCONTAINERS_ROOT/$($_.Name).tar\" } -PassThru "
            + "| Import-ContainerVolume -Name { $_.BaseName + 'y' } | ForEach-Object Name; "
            + "try { Import-ContainerVolume $env:PSCONTAINERS_ROOT new -ErrorAction Stop } catch { \"$_\" }; "
            + "[pscustomobject]@{ Name = '*piped*' } | Remove-ContainerVolume; (Get-ContainerVolume).Count");

        Assert.Empty(result.Error);
        Assert.Equal(["piped tmpfs", "piped2 local", "piped2x", "again-piped", "again-piped2x", "piped2xy"], result.Lines.Take(6));
        Assert.Contains("is a directory", result.Lines[6], StringComparison.Ordinal);
        Assert.Equal("0", result.Lines[7]);
    }

    [Fact]
    public void A_mount_may_be_typed_without_quotes()
    {
        var result = _image.Command(
            "$c = New-Container busybox -Mount type=tmpfs,target=/a,tmpfs-size=1m, @{ Target = '/b'; Type = 'Tmpfs' } "
            + "-Volume loose:/c:ro,nocopy, /d -Tmpfs /e:size=1m,mode=755, /f -Command true; $c.Mount.Target; "
            + "Remove-Container $c.Id; Remove-ContainerVolume loose");

        Assert.Empty(result.Error);
        Assert.Equal(["/a", "/b", "/c", "/d", "/e", "/f"], result.Lines);
    }

    [Fact]
    public void Names_of_volumes_and_drivers_are_completed()
    {
        var result = _image.Command(
            "$null = New-ContainerVolume alpha, albatross, beta; "
            + "foreach ($line in 'Remove-ContainerVolume al', 'New-ContainerVolume -Driver tm', 'New-Container x -Volume be') "
            + "{ (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText }; Remove-ContainerVolume alpha, albatross, beta");

        Assert.Equal(["albatross", "alpha", "tmpfs", "beta:"], result.Lines);
    }
}
