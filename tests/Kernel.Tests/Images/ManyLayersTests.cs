using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Images of more layers than fit into one page of mount options by their full paths. Docker allows 127.</summary>
public sealed class ManyLayersTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData(60)]
    [InlineData(127)]
    public void Image_of_many_layers_runs(int count)
    {
        var archive = Path.Join(Host.Scratch, $"layers-{count}.tar");
        Write(archive, count);
        var image = Assert.Single(Services.ImportImage.Execute(new ImageImport { Path = archive }));

        var said = Run(Creation(
            ["busybox", "sh", "-c", "busybox ls /layers | busybox wc -l; busybox cat /top"],
            creation => creation with { Image = image.Id })).Text();

        Assert.Equal($"{count}\n{count - 1}", said);
        Assert.Equal(count, image.LayerCount);
        Services.RemoveImage.Execute(image.Id, force: true);
    }

    // A docker-archive whose first layer is busybox; every layer adds a file and replaces another.
    private static void Write(string path, int count)
    {
        using var file = File.Create(path);
        using var archive = new TarWriter(file, TarEntryFormat.Ustar);
        var digests = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var layer = Layer(i);
            digests.Add(Convert.ToHexStringLower(SHA256.HashData(layer)));
            Add(archive, $"{i}.tar", layer);
        }

        var diffIds = string.Join(',', digests.Select(digest => $"\"sha256:{digest}\""));
        var layers = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}.tar\""));
        Add(archive, "config.json", Encoding.UTF8.GetBytes($$$"""
            {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":[{{{diffIds}}}]}}
            """));
        Add(archive, "manifest.json", Encoding.UTF8.GetBytes($$"""
            [{"Config":"config.json","RepoTags":["many:{{count}}"],"Layers":[{{layers}}]}]
            """));
    }

    private static byte[] Layer(int number)
    {
        using var bytes = new MemoryStream();
        using (var layer = new TarWriter(bytes, TarEntryFormat.Ustar))
        {
            if (number == 0)
            {
                layer.WriteEntry("/bin/busybox", "bin/busybox");
            }

            Add(layer, $"layers/{number}", [1]);
            Add(layer, "top", Encoding.UTF8.GetBytes($"{number}\n"));
        }

        return bytes.ToArray();
    }

    private static void Add(TarWriter archive, string name, byte[] content) =>
        archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
