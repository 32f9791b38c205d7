using System.Security.Cryptography;
using PsContainers.Images.Content;
using PsContainers.Images.Tests.Archives;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    private ContentStore Store => _sandbox.Content;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Content_is_a_file_that_its_digest_names()
    {
        var blob = Put("abc"u8);

        Assert.Equal(new StoredBlob(Digest.Of("abc"u8), 3), blob);
        Assert.Equal("abc", File.ReadAllText(FileOf(blob.Digest)));
        Assert.Equal(3, Store.SizeOf(blob.Digest));
        Assert.Equal("abc"u8.ToArray(), Store.TryRead(blob.Digest));
        Assert.Equal([blob.Digest], Store.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Sha512_has_a_folder_of_its_own()
    {
        var digest = Digest.FromHash(SHA512.HashData("abc"u8));
        using (var staging = Store.Stage())
        {
            staging.Put("abc"u8, digest);
            staging.Commit();
        }

        Assert.True(File.Exists(FileOf(digest)));
        Assert.Equal("abc"u8.ToArray(), Store.TryRead(digest));
    }

    [Fact]
    public void What_is_not_committed_does_not_stay()
    {
        using (var staging = Store.Stage())
        {
            var blob = staging.Put("abc"u8);
            Assert.True(staging.Contains(blob.Digest));
            Assert.False(Store.Contains(blob.Digest));
            using var stream = staging.Open(blob.Digest);
            Assert.Equal(3, stream.Length);
        }

        Assert.Empty(Store.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Theory]
    [InlineData("abc", 3, null)]
    [InlineData("abd", 3, "digest")]
    [InlineData("ab", 3, "cut short")]
    [InlineData("abcd", 3, "longer")]
    [InlineData("", 3, "cut short")]
    public void Stream_is_compared_with_its_digest_and_length(string content, long length, string? cause)
    {
        using var staging = Store.Stage();
        using var stream = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(content));

        void Put() => staging.Put(stream, Digest.Of("abc"u8), length, TestContext.Current.CancellationToken);

        if (cause is null)
        {
            Put();
            Assert.True(staging.Contains(Digest.Of("abc"u8)));
        }
        else
        {
            Assert.Contains(cause, Assert.Throws<ImageFormatException>(Put).Message, StringComparison.Ordinal);
            Assert.False(staging.Contains(Digest.Of("abc"u8)));
        }
    }

    [Fact]
    public void Content_that_is_there_is_not_taken_in_again()
    {
        var blob = Put("abc"u8);
        using var staging = Store.Stage();

        staging.Put(Stream.Null, blob.Digest, 3, TestContext.Current.CancellationToken);
        staging.Put("abc"u8);

        Assert.Empty(Directory.EnumerateFiles(_sandbox.Ingest, "*", SearchOption.AllDirectories));
        Assert.Throws<ImageFormatException>(() => staging.Put(Stream.Null, blob.Digest, 4, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Damaged_document_is_found_out()
    {
        var blob = Put("abc"u8);
        File.WriteAllText(FileOf(blob.Digest), "abd");

        Assert.Contains("damaged", Assert.Throws<ImageFormatException>(() => Store.TryRead(blob.Digest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_null_or_refused()
    {
        var digest = Digest.Of("abc"u8);

        Assert.Null(Store.TryRead(digest));
        Assert.Null(Store.SizeOf(digest));
        Assert.Contains(digest.ToString(), Assert.Throws<ImageFormatException>(() => Store.Open(digest)).Message, StringComparison.Ordinal);
        Store.Delete(digest);
    }

    [Fact]
    public void Collection_keeps_what_is_named()
    {
        var (kept, gone) = (Put("kept"u8).Digest, Put("gone"u8).Digest);

        Store.RemoveAllExcept(new HashSet<Digest> { kept });

        Assert.Equal([kept], Store.All());
        Assert.False(Store.Contains(gone));
    }

    [Fact]
    public void Two_shells_may_bring_the_same_content()
    {
        using var first = Store.Stage();
        using var second = Store.Stage();
        var blob = first.Put("abc"u8);
        second.Put("abc"u8);

        first.Commit();
        second.Commit();

        Assert.Equal("abc"u8.ToArray(), Store.TryRead(blob.Digest));
    }

    private string FileOf(Digest digest) => Path.Combine(_sandbox.Folder, "store/blobs", digest.Algorithm, digest.Hex);

    private StoredBlob Put(ReadOnlySpan<byte> content)
    {
        using var staging = Store.Stage();
        var blob = staging.Put(content);
        staging.Commit();
        return blob;
    }
}
