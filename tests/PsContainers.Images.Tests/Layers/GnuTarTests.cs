using PsContainers.Images.Layers;

namespace PsContainers.Images.Tests.Layers;

/// <summary>Archives of GNU tar, and ours read by it.</summary>
public sealed class GnuTarTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    private string Source => Path.Combine(_sandbox.Folder, "source");

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("pax")]
    [InlineData("gnu")]
    [InlineData("ustar")]
    [InlineData("v7")]
    [InlineData("oldgnu")]
    public void Every_dialect_unpacks_to_the_same_tree(string format)
    {
        LayerSandbox.SkipUnlessRoot();
        MakeTree(hasLongNames: format is "pax" or "gnu" or "oldgnu", hasNodes: format != "v7");

        var layer = _sandbox.Unpack(Pack(format));

        Assert.Equal(Listing(Source), Listing(_sandbox.PathOf(layer)));
    }

    [Fact]
    public void Extended_attributes_and_nanoseconds_come_through_pax()
    {
        LayerSandbox.SkipUnlessRoot();
        MakeTree(hasLongNames: true);
        LayerSandbox.Run("setcap", "cap_net_raw+ep", Path.Combine(Source, "etc/data"));
        LayerSandbox.Run("setfattr", "-n", "user.note", "-v", "hello", Path.Combine(Source, "etc/data"));
        LayerSandbox.Run("setfattr", "-n", "trusted.note", "-v", "0x0001ff", Path.Combine(Source, "etc"));

        var layer = _sandbox.Unpack(Pack("pax"));

        const string All = "cd \"$1\" && find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex "
            + "&& find . -printf '%p %T@\\n' | sort";
        Assert.Equal(LayerSandbox.Run("sh", "-c", All, "sh", Source), LayerSandbox.Run("sh", "-c", All, "sh", _sandbox.PathOf(layer)));
    }

    [Theory]
    [InlineData("gnu", "")]
    [InlineData("pax", "--sparse-version=0.0")]
    [InlineData("pax", "--sparse-version=0.1")]
    [InlineData("pax", "--sparse-version=1.0")]
    public void Sparse_files_keep_their_holes_in_every_format(string format, string option)
    {
        Directory.CreateDirectory(Source);
        var file = Path.Combine(Source, "sparse");
        using (var made = File.OpenHandle(file, FileMode.Create, FileAccess.Write))
        {
            // More pieces than fit into one header, and more than eight GiB.
            for (long i = 0; i < 40; i++)
            {
                RandomAccess.Write(made, new byte[] { 1, 2, (byte)i }, i * 300_000_007);
            }

            RandomAccess.SetLength(made, 12L << 30);
        }

        var layer = _sandbox.Unpack(Pack(format, option));

        Assert.Equal(12L << 30, layer.Size);
        LayerSandbox.Run(
            "sh", "-c", "test $(stat -c %s \"$1\") = 12884901888 && test $(stat -c %b \"$1\") -lt 2000",
            "sh", _sandbox.PathOf(layer, "sparse"));
        using var read = File.OpenHandle(_sandbox.PathOf(layer, "sparse"));
        for (long i = 0; i < 40; i++)
        {
            var bytes = new byte[4];
            RandomAccess.Read(read, bytes, i * 300_000_007);
            Assert.Equal([1, 2, (byte)i, 0], bytes);
        }
    }

    [Fact]
    public void Sparse_data_is_read_as_one_stream_with_zeros()
    {
        Directory.CreateDirectory(Source);
        var content = new byte[3_000_000];
        content[1] = 1;
        content[1_500_000] = 2;
        using (var made = File.OpenHandle(Path.Combine(Source, "sparse"), FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(made, content.AsSpan(0, 4096), 0);
            RandomAccess.Write(made, content.AsSpan(1_498_000, 4096), 1_498_000);
            RandomAccess.SetLength(made, content.Length);
        }

        var reader = new TarReader(new MemoryStream(Pack("gnu")));
        TarEntry? entry;
        while ((entry = reader.Read())?.Kind == TarEntryKind.Directory)
        {
        }

        using var copy = new MemoryStream();
        new TarEntryStream(reader, entry!).CopyTo(copy);
        Assert.Equal(content, copy.ToArray());
    }

    [Fact]
    public void Names_that_are_not_text_reach_the_disk_as_they_are()
    {
        Directory.CreateDirectory(Source);
        LayerSandbox.Run("sh", "-c", "touch \"$1/$(printf 'na\\377me')\" && ln -s \"$(printf 'to\\376')\" \"$1/link\"", "sh", Source);

        foreach (var format in (string[])["pax", "gnu", "ustar"])
        {
            var layer = _sandbox.Unpack(Pack(format));

            LayerSandbox.Run(
                "sh", "-c", "test -f \"$1/$(printf 'na\\377me')\" && test \"$(readlink \"$1/link\")\" = \"$(printf 'to\\376')\"",
                "sh", _sandbox.PathOf(layer));
        }
    }

    [Fact]
    public void Folder_that_we_archive_is_unpacked_alike_by_gnu_tar_and_by_us()
    {
        LayerSandbox.SkipUnlessRoot();
        MakeTree(hasLongNames: true);
        LayerSandbox.Run("setcap", "cap_net_raw+ep", Path.Combine(Source, "etc/data"));
        using var archive = new MemoryStream();

        DirectoryArchive.Write(Source, archive, LayerLimits.Default, [], TestContext.Current.CancellationToken);

        var file = Path.Combine(_sandbox.Folder, "ours.tar");
        var target = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "target")).FullName;
        File.WriteAllBytes(file, archive.ToArray());
        LayerSandbox.Run("tar", "--xattrs", "--xattrs-include=*", "-xpf", file, "-C", target);
        var layer = _sandbox.Unpack(archive.ToArray());
        Assert.Equal(Listing(Source), Listing(target));
        Assert.Equal(Listing(Source), Listing(_sandbox.PathOf(layer)));
        Assert.Contains("cap_net_raw=ep", LayerSandbox.Run("getcap", Path.Combine(target, "etc/data")), StringComparison.Ordinal);
        Assert.Contains("cap_net_raw=ep", LayerSandbox.Run("getcap", _sandbox.PathOf(layer, "etc/data")), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_folder_gives_the_same_bytes()
    {
        MakeTree(hasLongNames: true, hasNodes: LayerSandbox.IsRoot);
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        DirectoryArchive.Write(Source, first, LayerLimits.Default, [], TestContext.Current.CancellationToken);
        DirectoryArchive.Write(Source + "/", second, LayerLimits.Default, [], TestContext.Current.CancellationToken);

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    private static string Listing(string folder) => LayerSandbox.Run(
        "sh", "-c", "cd \"$1\" && find . -printf '%p %y %m %U:%G %s %Ts %l %n\\n' | sed -E 's/^(\\S+ d \\S+ \\S+) [0-9]+/\\1/' | sort"
        + " && find . -type f -print0 | sort -z | xargs -0 sha256sum"
        + " && find . \\( -type c -o -type b \\) -print0 | sort -z | xargs -0 -r stat -c '%n %t:%T'",
        "sh", folder);

    private void MakeTree(bool hasLongNames, bool hasNodes = true)
    {
        var shortPart = string.Join('/', Enumerable.Repeat("d1234567", 4));
        var longPart = string.Join('/', Enumerable.Repeat(new string('n', 200), 3));
        var longNames = $"mkdir -p {longPart}; printf long > {longPart}/file; "
            + $"ln -s {longPart}/file longlink; ln {longPart}/file {longPart}/hardlink";
        const string Nodes = "mkfifo fifo; mknod null c 1 3; mknod disk b 259 70000; "
            + "chown -h 12:34 etc etc/one absolute null fifo; chown 70000:80000 suid; chmod 4711 suid";
        LayerSandbox.Run("sh", "-ec", $"""
            mkdir -p "$1/etc" "$1/tmp" "$1/{shortPart}"
            cd "$1"
            chmod 1777 tmp
            head -c 300000 /dev/urandom > etc/data
            : > etc/empty
            printf x > etc/one
            cp /bin/true suid && chmod 6755 suid
            ln etc/data etc/hard
            ln -s /absolute/target absolute
            ln -s ../../../climbing climbing
            touch -d '1999-12-31 23:59:58.123456789' etc/one
            {(hasLongNames ? longNames : "")}
            {(hasNodes ? Nodes : "")}
            touch -d '2001-02-03' etc tmp .
            """, "sh", Source);
    }

    private byte[] Pack(string format, string option = "")
    {
        var file = Path.Combine(_sandbox.Folder, format + ".tar");
        string[] attributes = format == "pax" ? ["--xattrs", "--xattrs-include=*"] : [];
        string[] sparse = option.Length > 0 || format == "gnu" ? ["--sparse"] : [];
        string[] extra = option.Length > 0 ? [option] : [];
        LayerSandbox.Run(
            "tar", [.. attributes, .. sparse, .. extra, "--numeric-owner", $"--format={format}", "-cf", file, "-C", Source, "."]);
        return File.ReadAllBytes(file);
    }
}
