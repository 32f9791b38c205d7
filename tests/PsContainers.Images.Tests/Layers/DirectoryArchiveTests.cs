using System.Net.Sockets;
using PsContainers.Images.Layers;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Layers;

public sealed class DirectoryArchiveTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    private string Source => Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "source")).FullName;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Links_are_archived_not_followed()
    {
        System.IO.File.WriteAllText(Path.Combine(_sandbox.Folder, "secret"), "secret");
        System.IO.File.CreateSymbolicLink(Path.Combine(Source, "file"), "../secret");
        System.IO.File.CreateSymbolicLink(Path.Combine(Source, "folder"), _sandbox.Folder);

        Assert.Equal(
            [
                (TarEntryKind.Directory, ".", ""),
                (TarEntryKind.SymbolicLink, "file", "../secret"),
                (TarEntryKind.SymbolicLink, "folder", _sandbox.Folder),
            ],
            Entries());
    }

    [Fact]
    public void Sockets_are_left_out()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(Source, "socket")));

        Assert.Single(Entries());
    }

    [Fact]
    public void Name_that_means_a_deletion_is_refused()
    {
        System.IO.File.WriteAllText(Path.Combine(Source, ".wh.x"), "");

        var refusal = Assert.Throws<ImageFormatException>(Entries);

        Assert.Contains("'.wh.x'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_mounted_in_the_folder_is_left_out()
    {
        SkipUnlessRoot();
        Directory.CreateDirectory(Path.Combine(Source, "proc"));
        Directory.CreateDirectory(Path.Combine(Source, "bound"));
        Directory.CreateDirectory(Path.Combine(Source, "real"));

        // The mounts live in a namespace of their own; its /proc/PID/root shows them to us.
        using var holder = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(
                "unshare",
                [
                    "-m", "sh", "-ec",
                    "mount -t tmpfs none \"$1/proc\"; touch \"$1/proc/x\"; mount --bind /etc \"$1/bound\"; echo ready; read _",
                    "sh", Source,
                ])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        Assert.Equal("ready", holder.StandardOutput.ReadLine());
        var inside = $"/proc/{holder.Id}/root{Source}";
        Assert.True(System.IO.File.Exists(inside + "/proc/x"));

        using var bytes = new MemoryStream();
        DirectoryArchive.Write(inside, bytes, LayerLimits.Default, [], TestContext.Current.CancellationToken);
        holder.StandardInput.Close();
        holder.WaitForExit();

        Assert.Equal([".", "bound", "proc", "real"], Read(bytes).Select(entry => entry.Name));
    }

    private static List<TarEntry> Read(MemoryStream bytes)
    {
        bytes.Position = 0;
        var reader = new TarReader(bytes);
        var entries = new List<TarEntry>();
        while (reader.Read() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private List<(TarEntryKind Kind, string Name, string Target)> Entries()
    {
        using var bytes = new MemoryStream();
        DirectoryArchive.Write(Source, bytes, LayerLimits.Default, [], TestContext.Current.CancellationToken);
        return [.. Read(bytes).Select(entry => (entry.Kind, entry.Name, entry.LinkTarget))];
    }
}
