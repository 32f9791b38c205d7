using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>Images on their way to a real registry and back; needs root, busybox-static and docker-registry.</summary>
public sealed class RegistryTests : IClassFixture<BusyboxImage>, IClassFixture<DockerRegistry>, IDisposable
{
    private const string Skopeo = "/usr/bin/skopeo";

    private readonly BusyboxImage _image;
    private readonly DockerRegistry _registry;
    private readonly string _other = Directory.CreateTempSubdirectory("psc-other-").FullName;

    public RegistryTests(BusyboxImage image, DockerRegistry registry)
    {
        (_image, _registry) = (image, registry);
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
        Assert.SkipUnless(DockerRegistry.IsPossible, DockerRegistry.Need);
    }

    public void Dispose()
    {
        using var remove = Process.Start("/bin/rm", ["-rf", "--one-file-system", _other]);
        remove.WaitForExit();
    }

    [Fact]
    public void Published_image_is_received_by_another_store_and_runs()
    {
        var name = $"{_registry.Host}/team/busybox:1";

        var published = _image.Command(
            $"$p = Publish-ContainerImage busybox {name} -AllowInsecure; $p.Name; $p.Digest; $p.Id; $p.Sent -eq $p.Size");
        var received = InOther(
            $"$i = Receive-ContainerImage {name} -AllowInsecure; $i.Name; $i.Digest; $i.Id; Invoke-Container {name} -Command echo,hello");

        Assert.Empty(published.Error);
        Assert.Equal("", received.Error);
        Assert.Equal("True", published.Lines[3]);
        Assert.Equal([.. published.Lines[..3], "hello"], received.Lines);
    }

    [Fact]
    public void Second_publication_sends_nothing()
    {
        var name = $"{_registry.Host}/twice:1";

        var result = _image.Command(
            $"$null = Publish-ContainerImage busybox {name} -AllowInsecure; (Publish-ContainerImage busybox {name} -AllowInsecure).Sent");

        Assert.Empty(result.Error);
        Assert.Equal(["0"], result.Lines);
    }

    [Fact]
    public void Image_is_fetched_again_only_when_the_registry_has_another_one_under_its_name()
    {
        var name = $"{_registry.Host}/moving:1";
        Publish("busybox", name);
        const string fact = "(Receive-ContainerImage {0} -AllowInsecure).Id; (Get-ChildItem $env:PSCONTAINERS_ROOT/downloads -Force).Count";

        var first = InOther(string.Format(CultureInfo.InvariantCulture, fact, name)).Lines;
        var same = InOther($"(Receive-ContainerImage {name} -AllowInsecure).Id").Lines;
        _image.Command(
            "$c = New-Item -ItemType Directory $env:PSCONTAINERS_ROOT/changed; Set-Content $c/new 'content'; "
            + "$null = Import-ContainerImage -RootFileSystem $c -Name changed");
        Publish("changed", name);
        var moved = InOther(
            $"(Receive-ContainerImage {name} -AllowInsecure).Id; @(Get-ContainerImage).Count; @(Get-ContainerImage {name}).Id").Lines;

        Assert.Equal("0", first[1]);
        Assert.Equal(first[0], Assert.Single(same));
        Assert.NotEqual(first[0], moved[0]);
        Assert.Equal(["2", moved[0]], moved[1..]);
    }

    [Fact]
    public void Part_that_was_damaged_and_taken_away_is_fetched_again()
    {
        var name = $"{_registry.Host}/damaged:1";
        Publish("busybox", name);
        var digest = InOther($"$null = Receive-ContainerImage {name} -AllowInsecure; (Get-ContainerImageLayer {name}).Digest").Lines[0];
        var blob = Path.Join(_other, "root/blobs", digest.Replace(':', '/'));
        using (var file = File.OpenWrite(blob))
        {
            file.Position = 1000;
            file.WriteByte((byte)(file.Length % 256));
            file.WriteByte(0xff);
        }

        var result = InOther(
            "Test-ContainerStorage -Detailed | Repair-ContainerStorage -PassThru | ForEach-Object Kind; "
            + "@(Test-ContainerStorage -Detailed).Kind; "
            + $"$null = Receive-ContainerImage {name} -AllowInsecure; Test-ContainerStorage");

        Assert.Equal("", result.Error);
        Assert.Equal(["DamagedBlob", "MissingBlob", "True"], result.Lines);
        Assert.Equal(digest["sha256:".Length..], Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(blob))));
    }

    [Fact]
    public void Digest_names_an_image_for_good_and_a_second_look_needs_no_registry()
    {
        var name = $"{_registry.Host}/fixed:1";
        var digest = Publish("busybox", name);

        var result = InOther(
            $"$name = '{_registry.Host}/fixed@{digest}'; (Receive-ContainerImage $name -AllowInsecure).Digest; "
            + "(Receive-ContainerImage $name).Digest; (Get-ContainerImage $name).Name");

        Assert.Equal("", result.Error);
        Assert.Equal([digest, digest, $"{_registry.Host}/fixed@{digest}"], result.Lines);
    }

    [Fact]
    public async Task Index_gives_the_image_of_the_platform()
    {
        Assert.SkipUnless(File.Exists(Skopeo), "needs skopeo");
        var name = $"{_registry.Host}/many:1";
        var digest = Publish("busybox", $"{_registry.Host}/many:amd64");
        var manifest = await SkopeoAsync("inspect", "--raw", "--tls-verify=false", $"docker://{_registry.Host}/many:amd64");
        JsonObject Entry(string architecture) => new()
        {
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["digest"] = digest,
            ["size"] = Encoding.UTF8.GetByteCount(manifest),
            ["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture },
        };
        var index = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray(Entry("s390x"), Entry("amd64")),
        };
        await _registry.PutManifestAsync("many", "1", "application/vnd.oci.image.index.v1+json", index.ToJsonString());

        var result = InOther(
            $"(Receive-ContainerImage {name} -AllowInsecure).Digest; (Receive-ContainerImage {name} -AllowInsecure).Digest; "
            + $"Receive-ContainerImage {name} -AllowInsecure -Platform linux/arm64");

        Assert.Equal([digest, digest], result.Lines);
        Assert.Contains("there is no image for linux/arm64, only for linux/s390x, linux/amd64", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skopeo_reads_what_was_published_and_what_skopeo_pushes_is_received()
    {
        Assert.SkipUnless(File.Exists(Skopeo), "needs skopeo");
        Publish("busybox", $"{_registry.Host}/both:1");

        await SkopeoAsync(
            "copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--format", "v2s2",
            $"docker://{_registry.Host}/both:1", $"docker://{_registry.Host}/both:docker");
        var result = InOther(
            $"(Receive-ContainerImage {_registry.Host}/both:docker -AllowInsecure).Names; "
            + $"(Get-ContainerImageLayer {_registry.Host}/both:docker).MediaType; "
            + $"Invoke-Container {_registry.Host}/both:docker -Command echo,hello");

        Assert.Equal("", result.Error);
        Assert.Equal(
            [$"{_registry.Host}/both:docker", "application/vnd.docker.image.rootfs.diff.tar.gzip", "hello"], result.Lines);
    }

    [Fact]
    public void Layer_of_another_repository_is_taken_from_there()
    {
        Publish("busybox", $"{_registry.Host}/origin:1");

        // As it came from a registry the store has the layer compressed, under the digest that the registry knows.
        var result = InOther(
            $"$null = Receive-ContainerImage {_registry.Host}/origin:1 -AllowInsecure; "
            + $"(Publish-ContainerImage {_registry.Host}/origin:1 {_registry.Host}/taken/over:1 -AllowInsecure).Sent -lt 2000");

        Assert.Equal("", result.Error);
        Assert.Equal(["True"], result.Lines);
    }

    [Fact]
    public void Zstd_is_read_back()
    {
        var name = $"{_registry.Host}/zstd:1";
        var published = _image.Command($"(Publish-ContainerImage busybox {name} -Compression Zstd -AllowInsecure).Digest");

        var result = InOther(
            $"$null = Receive-ContainerImage {name} -AllowInsecure; (Get-ContainerImageLayer {name}).MediaType; "
            + $"Invoke-Container {name} -Command echo,hello");

        Assert.Equal("", published.Error + result.Error);
        Assert.Equal(["application/vnd.oci.image.layer.v1.tar+zstd", "hello"], result.Lines);
    }

    [Fact]
    public void What_would_be_done_is_said_and_not_done()
    {
        var name = $"{_registry.Host}/whatif:1";

        var result = _image.Command(
            $"Publish-ContainerImage busybox {name} -AllowInsecure -WhatIf; Receive-ContainerImage {name} -AllowInsecure -WhatIf; "
            + $"Receive-ContainerImage {name} -AllowInsecure");

        Assert.Contains($"\"Publish-ContainerImage {name}\" on target \"busybox (", result.Output, StringComparison.Ordinal);
        Assert.Contains("404", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Receive-ContainerImage {0}/none:1 -AllowInsecure", "RegistryImageNotFound", "none:1")]
    [InlineData("Receive-ContainerImage 'not a name'", "ImageNameInvalid", "not a name")]
    [InlineData("Receive-ContainerImage {0}/x -Platform wrong -AllowInsecure", "InvalidArgument", "os/architecture")]
    [InlineData("Receive-ContainerImage {0}/x:1", "RegistryFailed", "plain http, which has to be allowed")]
    [InlineData("Receive-ContainerImage 127.0.0.1:1/x:1 -AllowInsecure", "RegistryFailed", "127.0.0.1:1")]
    [InlineData("Publish-ContainerImage none {0}/x:1 -AllowInsecure", "ImageNotFound", "none")]
    [InlineData("Publish-ContainerImage busybox 'no name' -AllowInsecure", "ImageNameInvalid", "no name")]
    public void What_cannot_be_done_is_one_error_record(string command, string id, string words)
    {
        var script = string.Format(CultureInfo.InvariantCulture, command, _registry.Host);

        var result = _image.Command(
            $"{script} -ErrorVariable e 2> $null; @($e).Count; $e[0].FullyQualifiedErrorId.Split(',')[0]; \"$($e[0])\"");

        Assert.Equal(["1", id], result.Lines[..2]);
        Assert.Contains(words, result.Lines[2], StringComparison.Ordinal);
    }

    private string Publish(string image, string name)
    {
        var result = _image.Command($"(Publish-ContainerImage {image} {name} -AllowInsecure).Digest");
        Assert.Empty(result.Error);
        return Assert.Single(result.Lines);
    }

    private PscResult InOther(string script)
    {
        using var process = Psc.Start(
            ["-NonInteractive", "-Command", script], Path.Join(_other, "root"), Path.Join(_other, "run"));
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
