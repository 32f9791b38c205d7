using System.Text;
using System.Text.Json;

namespace PsContainers.Oci.Tests;

public sealed class DigestTests
{
    // printf abc | sha256sum
    private const string Abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Digest_has_an_algorithm_and_digits()
    {
        var digest = Digest.Parse(Abc);

        Assert.Equal("sha256", digest.Algorithm);
        Assert.Equal(Abc["sha256:".Length..], digest.Hex);
        Assert.Equal(Abc, digest.ToString());
        Assert.Equal(digest, Digest.Of("abc"u8));
    }

    [Fact]
    public void Sha512_is_a_digest_too()
    {
        using var hash = Digest.Parse("sha512:" + new string('0', 128)).CreateHash();
        hash.AppendData("abc"u8);

        var digest = Digest.FromHash(hash.GetCurrentHash());

        Assert.StartsWith("sha512:ddaf35a193617aba", digest.ToString(), StringComparison.Ordinal);
        Assert.Equal(digest, Digest.Parse(digest.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("sha256:ba7816bf")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("md5:900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../etc/passwd")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n")]
    [InlineData(" sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void What_is_not_a_digest_is_refused(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Contains(text, Assert.Throws<FormatException>(() => Digest.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digest_that_was_never_set_has_no_parts()
    {
        Assert.Equal("", default(Digest).ToString());
        Assert.Throws<InvalidOperationException>(() => default(Digest).Hex);
    }

    [Theory]
    [InlineData("12")]
    [InlineData("null")]
    [InlineData("\"sha256:12\"")]
    public void Json_that_is_not_a_digest_is_refused(string value)
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "mediaType": "x", "size": 0, "digest": {{value}} }""");

        var refusal = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, OciJson.Default.Descriptor));

        Assert.Contains("$.digest", refusal.Message, StringComparison.Ordinal);
    }
}
