using PsContainers.Kernel.Tests.Harness;
using PsContainers.Kernel.Tests.Interop;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>What this engine exports, loaded and run by dockerd.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class DockerLoadTests(TestHost host, Docker docker) : PeerTest(host, docker), IClassFixture<Docker>
{
    [Fact]
    public void Committed_image_is_loaded_and_run_under_its_names()
    {
        var container = Wait(Start("echo committed > /etc/mark; rm /bin/sleep"));
        var image = Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "example.test/mark:1" });
        Services.AddImageTag.Execute(image.Id, "example.test/mark:2");
        var path = Path.Join(Host.Scratch, "mark.tar");

        Services.ExportImage.Execute(new ImageExport { Images = [image.Id, "busybox"], Path = path, Overwrite = true });
        Services.RemoveImage.Execute(image.Id, force: true);
        var loaded = Say("load", "--input", path);

        Assert.Contains("example.test/mark:1", loaded, StringComparison.Ordinal);
        Assert.Contains("example.test/mark:2", loaded, StringComparison.Ordinal);
        Assert.Equal(image.Id, Say("image", "inspect", "--format", "{{.Id}}", "example.test/mark:2"));
        Assert.Equal(
            "committed",
            Say("run", "--rm", "--network=none", "example.test/mark:1", "sh", "-c", "cat /etc/mark; ls /bin/sleep 2>&- || true"));
        Say("image", "rm", "--force", "example.test/mark:1", "example.test/mark:2");
    }
}
