using System.Diagnostics;
using System.IO.Compression;
using PsContainers.Images.Layers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Layers;

/// <summary>A layer store in a folder of its own that goes away with the test.</summary>
internal sealed class LayerSandbox : IDisposable
{
    internal LayerSandbox()
    {
        Folder = Directory.CreateTempSubdirectory("psc-layers-").FullName;
        Store = new LayerStore(Layers, Ingest);
    }

    internal static bool IsRoot => Environment.IsPrivilegedProcess;

    internal string Folder { get; }

    internal string Layers => Path.Combine(Folder, "layers");

    internal string Ingest => Path.Combine(Folder, "ingest");

    internal LayerStore Store { get; }

    internal LayerLimits Limits { get; set; } = LayerLimits.Default;

    public void Dispose() => FileTree.Remove(Folder);

    internal static void SkipUnlessRoot() => Assert.SkipUnless(IsRoot, "needs root: owners, devices, trusted attributes");

    internal static byte[] Tar(params ReadOnlySpan<(TarEntry Entry, byte[] Data)> entries)
    {
        using var bytes = new MemoryStream();
        var writer = new TarWriter(bytes);
        foreach (var (entry, data) in entries)
        {
            writer.Write(Owned(entry.Kind == TarEntryKind.File ? entry with { Size = data.Length } : entry));
            writer.WriteData(data);
        }

        writer.Finish();
        return bytes.ToArray();
    }

    /// <summary>The entry as this user can unpack it: what would be root's belongs to whoever runs the tests.</summary>
    private static TarEntry Owned(TarEntry entry)
    {
        if (IsRoot || entry.UserId != 0)
        {
            return entry;
        }

        using var self = DirectoryDescriptor.Open($"/proc/{Environment.ProcessId}");
        return entry with { UserId = self.Status.UserId, GroupId = self.Status.GroupId };
    }

    /// <summary>An archive with a file of holes.</summary>
    internal static byte[] HolesOnly(string name, long length)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        tar.Write(new TarEntry(TarEntryKind.File, name) { Mode = 0x1a4, Size = length }, [(length, 0)]);
        tar.Finish();
        return stream.ToArray();
    }

    internal static byte[] Gzip(byte[] data)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return bytes.ToArray();
    }

    internal static (TarEntry Entry, byte[] Data) File(string name, string content = "", int mode = 0x1a4) =>
        (new TarEntry(TarEntryKind.File, name) { Mode = mode }, System.Text.Encoding.UTF8.GetBytes(content));

    internal static (TarEntry Entry, byte[] Data) Directory_(string name, int mode = 0x1ed) =>
        (new TarEntry(TarEntryKind.Directory, name) { Mode = mode }, []);

    internal static (TarEntry Entry, byte[] Data) Link(string name, string target) =>
        (new TarEntry(TarEntryKind.SymbolicLink, name) { Mode = 0x1ff, LinkTarget = target }, []);

    internal static (TarEntry Entry, byte[] Data) HardLink(string name, string target) =>
        (new TarEntry(TarEntryKind.HardLink, name) { Mode = 0x1a4, LinkTarget = target }, []);

    /// <summary>Runs a program and gives what it wrote.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var complaint = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {complaint.Result}{output}");
        return output;
    }

    /// <summary>Unpacks a layer on top of others; its digest is known, as that of an image's layer is.</summary>
    internal UnpackedLayer Unpack(byte[] tar, Digest? parent = null) =>
        Store.Unpack(new MemoryStream(tar), parent, Digest.Of(tar), Limits, TestContext.Current.CancellationToken);

    internal string PathOf(UnpackedLayer layer, string name = "") => Path.Combine(Store.PathOf(layer.ChainId), name);

    /// <summary>Unpacks something that must be refused, and sees that nothing of it stays.</summary>
    internal string Refusal(byte[] blob, Digest? diffId = null)
    {
        var refusal = Assert.Throws<ImageFormatException>(
            () => Store.Unpack(new MemoryStream(blob), null, diffId, Limits, TestContext.Current.CancellationToken));

        Assert.Empty(Left(Ingest));
        Assert.Empty(Left(Layers));
        return refusal.Message;
    }

    private static string[] Left(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];
}
