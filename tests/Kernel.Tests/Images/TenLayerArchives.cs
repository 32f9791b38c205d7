using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Makes the archives of the ten-layer image once, when the first test asks for them.</summary>
public sealed class TenLayerArchives(TestHost host)
{
    private readonly Lazy<string> _folder = new(() => Build(host));

    public string Path(string kind) => System.IO.Path.Join(_folder.Value, $"{kind}.tar");

    private static string Build(TestHost host)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/buildah"), "needs buildah (Debian package buildah)");
        var folder = Directory.CreateDirectory(System.IO.Path.Join(host.Scratch, "ten-layers")).FullName;
        var script = System.IO.Path.Join(AppContext.BaseDirectory, "Images/ten-layers.sh");
        HostCommand.Finish(HostCommand.Start("/bin/bash", [script, host.BusyboxRoot, folder]), TimeSpan.FromMinutes(2)).Text();
        return folder;
    }
}
