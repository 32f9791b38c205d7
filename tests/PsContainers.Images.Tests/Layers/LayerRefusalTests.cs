using System.Text;
using PsContainers.Images.Layers;
using PsContainers.Oci;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Layers;

/// <summary>What is wrong is refused with the entry and the cause, and leaves nothing behind.</summary>
public sealed class LayerRefusalTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    public static TheoryData<string, string> BadNames => new()
    {
        { "../escape", "climbs" },
        { "a/../../escape", "climbs" },
        { "a/..", "climbs" },
        { "..", "climbs" },
        { "", "empty" },
        { new string('a', 256), "part of the name is longer than 255" },
        { string.Join('/', Enumerable.Repeat(new string('a', 200), 21)), "longer than 4095" },
        { "d/.wh.", "names no file" },
        { "d/.wh..", "names no file" },
        { "d/.wh...", "names no file" },
        { ".wh.d/file", "nothing below" },
    };

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [MemberData(nameof(BadNames))]
    public void Name_is_refused(string name, string cause)
    {
        var message = _sandbox.Refusal(Tar(File("good", "x"), File(name, "x")));

        Assert.Contains(name.Length > 1000 ? $"entry '{name[..100]}" : $"entry '{name}'", message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside", "climbs")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("missing", "not in this layer")]
    [InlineData("escape/passwd", "not in this layer")]
    [InlineData("folder", "which is a directory")]
    [InlineData("gone", "not in this layer")]
    [InlineData("link", "takes the place of its target", "link")]
    [InlineData("", "empty")]
    public void Hard_link_is_refused(string target, string cause, string name = "hard")
    {
        SkipUnlessRoot();
        var present = target == "link" ? Directory_("link") : Link("escape", "/etc");
        var entry = target == "link" ? File("link/inside") : File("file");
        var hard = target == "link" ? HardLink(name, "link/inside") : HardLink(name, target);

        var message = _sandbox.Refusal(Tar(present, Directory_("folder"), File(".wh.gone"), entry, hard));

        Assert.Contains($"entry '{name}'", message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_below_a_file_are_refused()
    {
        Assert.Contains("'file' is not a directory", _sandbox.Refusal(Tar(File("file"), File("file/below"))), StringComparison.Ordinal);
        Assert.Contains("link to nothing", _sandbox.Refusal(Tar(Link("link", "nowhere"), File("link/below"))), StringComparison.Ordinal);
        Assert.Contains(
            "circles", _sandbox.Refusal(Tar(Link("one", "two"), Link("two", "one"), File("one/below"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_that_is_not_a_directory_is_refused() =>
        Assert.Contains("root of a layer", _sandbox.Refusal(Tar(Link("./", "/etc"))), StringComparison.Ordinal);

    [Fact]
    public void Devices_are_refused_where_they_do_not_belong()
    {
        _sandbox.Limits = new LayerLimits { AllowDevices = false };

        var message = _sandbox.Refusal(Tar((new TarEntry(TarEntryKind.BlockDevice, "dev/disk") { DeviceMajor = 8 }, [])));

        Assert.Contains("entry 'dev/disk': a device node", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Device_that_poses_as_a_deletion_is_refused() =>
        Assert.Contains("poses", _sandbox.Refusal(Tar((new TarEntry(TarEntryKind.CharacterDevice, "bin"), []))), StringComparison.Ordinal);

    [Fact]
    public void Way_through_a_link_to_too_long_a_name_is_refused()
    {
        var link = Link("link", new string('n', 256));

        Assert.Contains(
            "entry 'link/file': links on the way to 'link' lead to a name that is too long",
            _sandbox.Refusal(Tar(link, File("link/file"))),
            StringComparison.Ordinal);
        Assert.Contains("a name that is too long", _sandbox.Refusal(Tar(link, HardLink("hard", "link/file"))), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_too_large_for_the_file_system_is_refused()
    {
        const long Length = 60L * 1024 * 1024 * 1024 * 1024;
        Assert.SkipWhen(CanHold(Length), "this file system has room for any file");
        _sandbox.Limits = new LayerLimits { MaximumBytes = long.MaxValue };

        var message = _sandbox.Refusal(HolesOnly("big", Length));

        Assert.Contains("entry 'big': this file system cannot hold it: File too large (EFBIG)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_put_where_no_name_leads_for_its_length()
    {
        var deep = string.Concat(Enumerable.Repeat("d/", 1500)) + "d";
        var below = Tar(Directory_(deep), Link("link", deep), Directory_("link/" + deep));
        var less = Tar(Directory_(deep), Link("link", deep), Directory_($"link/{deep[..999]}"), Link($"link/{deep[..999]}/l", "x"));

        Assert.EndsWith("lead to a name that is too long", _sandbox.Refusal(below), StringComparison.Ordinal);
        Assert.Equal(4, _sandbox.Unpack(less).Entries);
    }

    [Theory]
    [InlineData("trusted.overlay.redirect", "steers")]
    [InlineData("trusted.overlay.opaque", "steers")]
    [InlineData("security.capability", "cannot be set")]
    public void Extended_attribute_is_refused(string attribute, string cause)
    {
        var entry = new TarEntry(TarEntryKind.Directory, "d") { Attributes = new(StringComparer.Ordinal) { [attribute] = [1] } };

        Assert.Contains(cause, _sandbox.Refusal(Tar((entry, []))), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_kept()
    {
        _sandbox.Limits = new LayerLimits { MaximumBytes = 1000 };
        Assert.Contains(
            "1000 bytes",
            _sandbox.Refusal(Tar(File("a", new string('a', 600)), File("b", new string('b', 600)))),
            StringComparison.Ordinal);

        _sandbox.Limits = new LayerLimits { MaximumDirectoryNames = 10 };
        Assert.Contains("10 characters", _sandbox.Refusal(Tar(Directory_("name"), Directory_("name/longer"))), StringComparison.Ordinal);

        _sandbox.Limits = new LayerLimits { MaximumEntries = 2 };
        Assert.Contains("2 entries", _sandbox.Refusal(Tar(File("a"), File("b"), File("c"))), StringComparison.Ordinal);

        _sandbox.Limits = new LayerLimits { RatioFloor = 1 << 20 };
        Assert.Contains("bomb", _sandbox.Refusal(Gzip(Tar(File("zeros", new string('\0', 4 << 20))))), StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_file_counts_with_its_holes()
    {
        var block = Tar((new TarEntry(TarEntryKind.File, "huge") { Mode = 0x1a4 }, []));
        block.AsSpan(257, 8).Clear();
        "ustar  \0"u8.CopyTo(block.AsSpan(257));
        block[156] = (byte)'S';
        block.AsSpan(483, 12).Clear();
        block[483] = 0x80;
        block[488] = 0x40; // 2^62
        Sign(block);

        Assert.Contains("bytes that are allowed", _sandbox.Refusal(block), StringComparison.Ordinal);
    }

    [Fact]
    public void Archive_that_is_cut_short_anywhere_is_refused()
    {
        var tar = Tar(File("a", new string('a', 700)), Directory_("d"), File("d/b", "b"));
        var ends = new[] { 1, 511, 513, 1100, 1535, 2048 + 100, 3000, 3072 };

        foreach (var end in ends)
        {
            Assert.Contains("cut short", _sandbox.Refusal(tar[..end]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Compressed_data_that_is_cut_short_damaged_or_followed_by_more_is_refused()
    {
        var tar = Tar(File("a", Convert.ToHexString(Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 5000))))));
        var gzip = Gzip(tar);
        byte[] zstd = [.. new ZstdSharp.Compressor().Wrap(tar)];

        foreach (var cut in (int[])[1, 3, 8, 9, 100, gzip.Length / 2])
        {
            _sandbox.Refusal(gzip[..^cut], Digest.Of(tar));
            _sandbox.Refusal(zstd[..^Math.Min(cut, zstd.Length - 8)], Digest.Of(tar));
        }

        Assert.Contains("followed by something else", _sandbox.Refusal([.. gzip, 1, 2, 3], Digest.Of(tar)), StringComparison.Ordinal);
        Assert.Contains(
            "followed by something else",
            _sandbox.Refusal([.. gzip, .. new byte[100_000]], Digest.Of(tar)),
            StringComparison.Ordinal);
        Assert.Contains("cannot be decompressed", _sandbox.Refusal([.. gzip, 0x1f, 0x8b, 8], Digest.Of(tar)), StringComparison.Ordinal);
        Assert.Contains("cannot be decompressed", _sandbox.Refusal([.. zstd, 1, 2, 3, 4, 5], Digest.Of(tar)), StringComparison.Ordinal);
        gzip[^6] ^= 1;
        Assert.Contains("damaged", _sandbox.Refusal(gzip, Digest.Of(tar)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fd377a585a00", "xz")]
    [InlineData("425a6839314159", "bzip2")]
    public void Other_compression_is_named(string magic, string name) =>
        Assert.Contains(name, _sandbox.Refusal(Convert.FromHexString(magic)), StringComparison.Ordinal);

    [Fact]
    public void Digest_that_does_not_match_is_refused()
    {
        var wanted = Digest.Of([1]);

        var message = _sandbox.Refusal(Tar(File("a")), wanted);

        Assert.Contains(wanted.ToString(), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_checksum_is_refused()
    {
        var tar = Tar(File("a"));
        tar[0] = (byte)'b';

        Assert.Contains("checksum", _sandbox.Refusal(tar), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(124, 12, "size")]
    [InlineData(108, 8, "owner")]
    public void Negative_number_is_refused(int offset, int length, string field)
    {
        var tar = Tar(File("a"));
        tar.AsSpan(offset, length).Fill(0xff);
        Sign(tar);

        Assert.Contains(field, _sandbox.Refusal(tar), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12 path=x\n", "malformed")]
    [InlineData("8 path=x\n", "malformed")]
    [InlineData("99999999999 path=x\n", "malformed")]
    [InlineData("path=x\n", "malformed")]
    [InlineData("6 =x\n\n", "no key")]
    [InlineData("10 size=x\n", "not a number")]
    [InlineData("11 size=-1\n", "not a number")]
    [InlineData("13 mtime=1.x\n", "not a time")]
    [InlineData("16 GNU.sparse.x\n", "no key")]
    [InlineData("31 GNU.sparse.map=0,5,3,9,x,12\n", "not a number")]
    public void Pax_record_is_refused(string record, string cause)
    {
        var message = _sandbox.Refusal(WithPax(Encoding.ASCII.GetBytes(record)));

        Assert.Contains(cause, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pax_header_of_more_than_a_mebibyte_is_refused() =>
        Assert.Contains("1048576", _sandbox.Refusal(WithPax(new byte[(1 << 20) + 1])), StringComparison.Ordinal);

    [Fact]
    public void Headers_without_end_before_an_entry_are_refused()
    {
        var header = WithPax("9 path=x\n"u8.ToArray())[..1024];

        var message = _sandbox.Refusal([.. Enumerable.Repeat(header, 1000).SelectMany(bytes => bytes)]);

        Assert.Contains("headers describe one entry", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extended_attribute_that_no_file_can_keep_is_refused_where_it_is_read()
    {
        var entry = new TarEntry(TarEntryKind.File, "f") { Attributes = new(StringComparer.Ordinal) { ["user.a"] = new byte[65537] } };

        Assert.Contains("'user.a' is longer than the 65536 bytes", _sandbox.Refusal(Tar((entry, []))), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_not_an_archive() =>
        Assert.Contains("not a tar archive", _sandbox.Refusal(Encoding.ASCII.GetBytes(new string('x', 2000))), StringComparison.Ordinal);

    // A PAX header with these bytes in front of a file's header.
    private static byte[] WithPax(byte[] records)
    {
        var header = Tar((new TarEntry(TarEntryKind.File, "pax"), records));
        header[156] = (byte)'x';
        Sign(header);
        return [.. header[..^1024], .. Tar(File("a"))];
    }

    private static void Sign(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.AsSpan(0, 512).ToArray().Sum(b => b);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(block, 148);
    }

    private bool CanHold(long length)
    {
        using var probe = System.IO.File.OpenHandle(Path.Combine(_sandbox.Folder, "probe"), FileMode.Create, FileAccess.Write);
        try
        {
            RandomAccess.SetLength(probe, length);
            return true;
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            return false;
        }
        finally
        {
            System.IO.File.Delete(Path.Combine(_sandbox.Folder, "probe"));
        }
    }
}
