using System.Diagnostics;
using System.Text.Json.Nodes;
using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>Lists of images on their way to a real registry; needs root, busybox-static and docker-registry.</summary>
public sealed class ManifestListTests : IClassFixture<BusyboxImage>, IClassFixture<DockerRegistry>, IDisposable
{
    private const string Skopeo = "/usr/bin/skopeo";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    private readonly BusyboxImage _image;
    private readonly string _host;
    private readonly string _other = Directory.CreateTempSubdirectory("psc-other-").FullName;

    public ManifestListTests(BusyboxImage image, DockerRegistry registry)
    {
        (_image, _host) = (image, registry.Host);
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
        Assert.SkipUnless(DockerRegistry.IsPossible, DockerRegistry.Need);
        var script = "if (-not (Get-ContainerImage other*)) { "
            + "$f = New-Item -ItemType Directory $env:PSCONTAINERS_ROOT/other; Set-Content $f/file 'content'; "
            + "$null = Import-ContainerImage -RootFileSystem $f -Name other }";
        Assert.Empty(_image.Command(script).Error);
    }

    public void Dispose()
    {
        using var remove = Process.Start("/bin/rm", ["-rf", "--one-file-system", _other]);
        remove.WaitForExit();
    }

    [Fact]
    public void Published_list_gives_each_platform_its_image()
    {
        var name = $"{_host}/list/two:1";

        var ids = Good(_image.Command(
            $"$null = New-ContainerManifest {name} busybox; "
            + $"Add-ContainerManifestImage {name} other -Platform linux/arm64/v8; "
            + $"$null = Publish-ContainerImage {name} -AllowInsecure; "
            + "(Get-ContainerImage busybox).Id; (Get-ContainerImage other).Id"));
        var received = Good(InOther(
            $"(Receive-ContainerImage {name} -AllowInsecure).Id; (Receive-ContainerImage {name} -AllowInsecure -Platform linux/arm64).Id"));

        Assert.Equal(ids, received);
    }

    [Fact]
    public async Task Skopeo_reads_the_list_and_copies_all_of_it()
    {
        Assert.SkipUnless(File.Exists(Skopeo), "needs skopeo");
        var name = $"{_host}/list/skopeo";

        var digest = Good(_image.Command(
            $"$null = New-ContainerManifest {name}:1 busybox, other -Annotation team=us; "
            + $"Set-ContainerManifest {name}:1 other -Platform linux/s390x -OsVersion 7 -OsFeature a, b -Annotation note=yes; "
            + $"(Publish-ContainerImage {name}:1 -AllowInsecure).Digest"))[0];
        var raw = await SkopeoAsync("inspect", "--raw", "--tls-verify=false", $"docker://{name}:1");
        await SkopeoAsync("copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{name}:1", $"docker://{name}:2");
        var copy = Good(_image.Command($"(Get-ContainerManifest {name}:2 -FromRegistry -AllowInsecure).Digest"))[0];

        Assert.Equal(digest, copy);
        var index = JsonNode.Parse(raw)!;
        Assert.Equal("application/vnd.oci.image.index.v1+json", (string?)index["mediaType"]);
        Assert.Equal("us", (string?)index["annotations"]!["team"]);
        Assert.Equal("""{"architecture":"amd64","os":"linux"}""", index["manifests"]![0]!["platform"]!.ToJsonString());
        Assert.Equal(
            """{"architecture":"s390x","os":"linux","os.version":"7","os.features":["a","b"]}""",
            index["manifests"]![1]!["platform"]!.ToJsonString());
        Assert.Equal("yes", (string?)index["manifests"]![1]!["annotations"]!["note"]);
        Assert.Null(index["manifests"]![0]!["annotations"]);
    }

    [Fact]
    public void Image_that_only_a_registry_has_is_listed_and_copied_without_coming_here()
    {
        Good(_image.Command($"$null = Publish-ContainerImage other {_host}/source/other:1 -AllowInsecure"));

        var lines = Good(InOther(
            $"$l = New-ContainerManifest {_host}/list/remote:1 {_host}/source/other:1 -AllowInsecure; "
            + "$l.Images.IsLocal; $l.Images.Platform; "
            + $"$p = Publish-ContainerImage {_host}/list/remote:1 -AllowInsecure; $p.Sent -lt $p.Size; "
            + "[IO.Directory]::GetFiles(\"$env:PSCONTAINERS_ROOT\", '*', 'AllDirectories') -like '*/blobs/*'; "
            + "@(Get-ContainerImage).Count"));
        var received = Good(InOther($"(Receive-ContainerImage {_host}/list/remote:1 -AllowInsecure).LayerCount"));

        Assert.Equal(["False", "linux/amd64", "True", "0"], lines);
        Assert.Equal(["1"], received);
    }

    [Fact]
    public async Task All_images_of_a_Docker_list_are_taken_over_as_a_Docker_list()
    {
        Assert.SkipUnless(File.Exists(Skopeo), "needs skopeo");
        Good(_image.Command(
            $"$null = New-ContainerManifest {_host}/oci:1 busybox, other; $null = Publish-ContainerImage {_host}/oci:1 -AllowInsecure"));
        await SkopeoAsync(
            "copy", "--all", "--format", "v2s2", "--src-tls-verify=false", "--dest-tls-verify=false",
            $"docker://{_host}/oci:1", $"docker://{_host}/docker:1");

        var lines = Good(InOther(
            $"$l = New-ContainerManifest {_host}/taken:1 {_host}/docker:1 -All -AllowInsecure; $l.Images.Count; "
            + $"$null = Publish-ContainerImage {_host}/taken:1 -AllowInsecure; "
            + $"(Get-ContainerManifest {_host}/taken:1 -FromRegistry -AllowInsecure).MediaType; "
            + $"(Get-ContainerManifest {_host}/taken:1 -FromRegistry -AllowInsecure).Images.Digest"));
        var source = Good(InOther($"(Get-ContainerManifest {_host}/docker:1 -FromRegistry -AllowInsecure).Images.Digest"));

        Assert.Equal(["2", DockerList, .. source], lines);
    }

    [Fact]
    public void Single_image_in_a_registry_is_shown_as_a_list_of_one()
    {
        var digest = Good(_image.Command($"(Publish-ContainerImage other {_host}/single:1 -AllowInsecure).Digest"))[0];

        var lines = Good(InOther(
            $"$l = Get-ContainerManifest {_host}/single:1 -FromRegistry -AllowInsecure; $l.Digest; $l.Images.Platform; $l.Images.Image"));

        Assert.Equal([digest, "linux/amd64", $"{_host}/single@{digest}"], lines);
    }

    [Fact]
    public void Name_of_an_image_and_a_list_is_asked_about_and_not_guessed()
    {
        var name = $"{_host}/both:1";

        var result = _image.Command(
            $"Add-ContainerImageTag busybox {name}; $null = New-ContainerManifest {name} other; "
            + $"Publish-ContainerImage {name} -AllowInsecure; "
            + $"(Publish-ContainerImage {name} -AllowInsecure -ManifestList).Id -eq $null; Remove-ContainerImageTag {name}");

        Assert.Contains("-ManifestList", result.Error, StringComparison.Ordinal);
        Assert.Equal(["True"], result.Lines);
    }

    [Fact]
    public void Images_come_and_go_through_the_pipeline()
    {
        var lines = Good(_image.Command(
            "$null = New-ContainerManifest pipe:1; Get-ContainerImage busybox, other | Add-ContainerManifestImage pipe:1; "
            + "(Get-ContainerManifest pipe:1).Images.Count; "
            + "(Get-ContainerManifest pipe:1).Images | Where-Object Image -like other* | Remove-ContainerManifestImage; "
            + "(Get-ContainerManifest p*).Images.Image; Get-ContainerManifest pipe:* | Remove-ContainerManifest; "
            + "@(Get-ContainerManifest pipe*).Count"));

        Assert.Equal(["2", "busybox:latest", "0"], lines);
    }

    [Fact]
    public void What_would_be_done_to_a_list_is_said_and_not_done()
    {
        var result = _image.Command(
            "$null = New-ContainerManifest whatif:1 busybox; New-ContainerManifest whatif:2 -WhatIf; "
            + "Add-ContainerManifestImage whatif:1 other -WhatIf; Set-ContainerManifest whatif:1 busybox -OsVersion 1 -WhatIf; "
            + "Remove-ContainerManifestImage whatif:1 busybox -WhatIf; Remove-ContainerManifest whatif:1 -WhatIf; "
            + "(Get-ContainerManifest whatif*).Images | ForEach-Object { \"$_ $($_.OsVersion)\" }; Remove-ContainerManifest whatif:1");

        Assert.Equal("", result.Error);
        Assert.Equal(5, result.Lines.Count(line => line.StartsWith("What if:", StringComparison.Ordinal)));
        Assert.Equal("busybox:latest ", result.Lines[^1]);
    }

    [Theory]
    [InlineData("New-ContainerManifest 'not a name'", "ImageNameInvalid", "not a name")]
    [InlineData("New-ContainerManifest taken:1", "ManifestNameInUse", "taken:1")]
    [InlineData("New-ContainerManifest x:1 {0}/none:1 -AllowInsecure", "RegistryImageNotFound", "none:1")]
    [InlineData("Add-ContainerManifestImage none:1 busybox", "ManifestNotFound", "none:1")]
    [InlineData("Add-ContainerManifestImage taken:1 busybox -Platform wrong", "InvalidArgument", "os/architecture")]
    [InlineData("Add-ContainerManifestImage taken:1 {0}/none:1 -AllowInsecure", "RegistryImageNotFound", "none:1")]
    [InlineData("Set-ContainerManifest taken:1 other -OsVersion 1", "ManifestImageNotFound", "other")]
    [InlineData("Remove-ContainerManifestImage taken:1 other", "ManifestImageNotFound", "other")]
    [InlineData("Remove-ContainerManifest none:1", "ManifestNotFound", "none:1")]
    [InlineData("Get-ContainerManifest none:1", "ManifestNotFound", "none:1")]
    [InlineData("Get-ContainerManifest {0}/none:1 -FromRegistry -AllowInsecure", "RegistryImageNotFound", "none:1")]
    [InlineData("Publish-ContainerImage empty:1 {0}/empty:1 -AllowInsecure", "ManifestEmpty", "empty:1")]
    public void What_cannot_be_done_with_a_list_is_one_error_record(string command, string id, string words)
    {
        var script = string.Format(System.Globalization.CultureInfo.InvariantCulture, command, _host);

        var result = _image.Command(
            "$null = New-ContainerManifest taken:1 busybox -Force; $null = New-ContainerManifest empty:1 -Force; "
            + $"{script} -ErrorVariable e 2> $null; @($e).Count; $e[0].FullyQualifiedErrorId.Split(',')[0]; \"$($e[0])\"");

        Assert.Equal(["1", id], result.Lines[..2]);
        Assert.Contains(words, result.Lines[2], StringComparison.Ordinal);
    }

    private static string[] Good(PscResult result)
    {
        Assert.Equal("", result.Error);
        return result.Lines;
    }

    private PscResult InOther(string script)
    {
        using var process = Psc.Start(["-NonInteractive", "-Command", script], Path.Join(_other, "root"), Path.Join(_other, "run"));
        process.StandardInput.Close();
        return Psc.Finish(process);
    }

    private static async Task<string> SkopeoAsync(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(Skopeo, words) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
