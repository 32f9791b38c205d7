using System.Globalization;
using System.Text;
using CsCheck;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Answers that are not what they should be. Each is one error that names the registry, the reference and the cause.</summary>
public sealed class BadAnswerTests
{
    private const string Manifest = """{"schemaVersion":2}""";
    private const string Type = $"Content-Type: {MediaTypes.Manifest}";

    private static readonly string _other = Digest.Of("other"u8).ToString();

    public static TheoryData<RawRow> Manifests =>
    [
        new RawRow("html", "<html>hello</html>", "'text/html' instead of a manifest", "Content-Type: text/html"),
        new RawRow("schema 1", "{}", "schema 1", "Content-Type: application/vnd.docker.distribution.manifest.v1+prettyjws"),
        new RawRow("no type, no JSON", "hello", "not the JSON"),
        new RawRow("no type, no object", "[]", "no manifest", "Content-Type: application/json"),
        new RawRow("no type, no Unicode", """{"mediaType":"\ud800"}""", "not Unicode", "Content-Type: application/json"),
        new RawRow("no type, twice a member", """{"layers":[],"layers":[]}""", "not the JSON", "Content-Type: application/json"),
        new RawRow("no type, no manifest", "{}", "no manifest", "Content-Type: application/json"),
        new RawRow("type without end", "{}", "no manifest", "Content-Type: application/json; charset"),
        new RawRow("another digest", Manifest, "which the registry announced", Type, $"Docker-Content-Digest: {_other}"),
        new RawRow("no digest", Manifest, "no digest: 'sha256:zz'", Type, "Docker-Content-Digest: sha256:zz"),
        new RawRow("announced too long", "{}", "more than the 4194304", Type, "Content-Length: 4194305"),
        new RawRow("cut off", "{}", "ended prematurely", Type, "Content-Length: 100"),
    ];

    [Theory]
    [MemberData(nameof(Manifests))]
    public async Task A_bad_manifest_is_refused(RawRow row)
    {
        var error = await FailureAsync(row.Answer);

        Assert.Contains(row.Cause, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("registry 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("/team/app:v1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_without_end_is_refused()
    {
        var piece = new string(' ', 1024 * 1024);
        var body = string.Concat(Enumerable.Repeat($"100000\r\n{piece}\r\n", 5)) + "0\r\n\r\n";

        var error = await FailureAsync(RawAnswer.Of(200, body, Type, "Transfer-Encoding: chunked"));

        Assert.Contains("more than the 4194304 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_its_digest_does_not_name_is_refused()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(200, Manifest, Type));
        using var client = server.Client("team/app", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync(Digest.Parse(_other)));

        Assert.Contains($"{_other}, which it was asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_whose_registry_does_not_say_its_type_is_taken_for_what_it_is()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(200, """{"schemaVersion":2,"manifests":[]}"""));
        using var client = server.Client("team/app", RegistryServer.Insecure());

        Assert.Equal(MediaTypes.Index, (await client.GetManifestAsync()).MediaType);
    }

    [Theory]
    [InlineData("<html></html>", "not the JSON")]
    [InlineData("null", "has no token")]
    [InlineData("{}", "has no token")]
    [InlineData("""{"token":7}""", "not the JSON")]
    [InlineData("""{"token":"a b"}""", "not one that a header could hold")]
    [InlineData("""{"token":"a\r\nX: y"}""", "not one that a header could hold")]
    [InlineData("""{"token":"ü"}""", "not one that a header could hold")]
    [InlineData("""{"token":"a","expires_in":"soon"}""", "not the JSON")]
    public async Task A_bad_token_is_refused(string body, string cause)
    {
        await using var server = new RawServer(request => request.Path.StartsWith("/token", StringComparison.Ordinal)
            ? RawAnswer.Of(200, body)
            : RawAnswer.Of(401, "", $"WWW-Authenticate: Bearer realm=\"http://{request["Host"]}/token\",service=\"s\""));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains($"token server {server.Host}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer service=\"x\"", "does not say from where")]
    [InlineData("Bearer realm=\"nowhere\"", "no address: 'nowhere'")]
    [InlineData("Bearer realm=\"file:///etc/shadow\"", "no address")]
    [InlineData("Bearer realm=\"https://a:b@registry.example/\"", "no address")]
    [InlineData("Digest realm=\"x\"", "401")]
    [InlineData("\"", "401")]
    public async Task A_bad_challenge_is_refused(string challenge, string cause)
    {
        var error = await FailureAsync(RawAnswer.Of(401, "", $"WWW-Authenticate: {challenge}"));

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("</v2/next>")]
    [InlineData("<>; rel=next", "do not end")]
    [InlineData("<http://elsewhere.example/v2/>; rel=\"next\"")]
    [InlineData("</v2/team/app/tags/list>; rel=\"next\"", "do not end")]
    public async Task A_bad_link_to_the_next_page_is_refused(string link, string cause = "not one to a next page")
    {
        await using var server = new RawServer(_ => RawAnswer.Of(200, """{"tags":["a"]}""", $"Link: {link}"));
        using var client = server.Client("team/app", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ListTagsAsync());

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_tags_are_put_together()
    {
        await using var server = new RawServer(request => request.Path.Contains("last=b", StringComparison.Ordinal)
            ? RawAnswer.Of(200, """{"name":"team/app","tags":["c",null]}""")
            : RawAnswer.Of(200, """{"tags":["a","b"]}""", "Link: </v2/team/app/tags/list?last=b&n=2>; rel=\"next\""));
        using var client = server.Client("team/app", RegistryServer.Insecure());

        Assert.Equal(["a", "b", "c"], await client.ListTagsAsync());
    }

    [Fact]
    public async Task The_registrys_words_are_quoted_bounded_and_readable()
    {
        var words = $"\u001b[31mred\u202e {new string('x', 10_000)}";
        var body = System.Text.Json.JsonSerializer.Serialize(new { errors = new[] { new { code = "DENIED", message = words } } });

        var error = await FailureAsync(RawAnswer.Of(403, body, "Content-Type: application/json"));

        Assert.Equal("DENIED", error.Code);
        Assert.Contains(@"(DENIED: \u001b[31mred\u202e xxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 300, 600);
    }

    [Fact]
    public async Task A_page_for_people_is_not_quoted()
    {
        var error = await FailureAsync(RawAnswer.Of(500, "<html><body>oh no</body></html>", "Content-Type: text/html"));

        Assert.EndsWith("it answered 500 Status (text/html)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_that_a_server_repeats_are_not_in_the_error()
    {
        await using var server = new RawServer(request => request["Authorization"] is { } shown
            ? RawAnswer.Of(403, $"you said {shown}, your password is pass/word!", "Content-Type: text/plain")
            : RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"x\""));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure(new Credential("ann", "pass/word!")));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("you said Basic ‹secret›, your password is ‹secret›", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("ann:pass/word!"u8), error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/{0}\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nDocker-Content-Digest: {0}\r\nContent-Length: 13\r\n\r\n{{\"layers\":[]}}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{{\"layers\":n{0}")]
    [InlineData("HTTP/1.1 307 Elsewhere\r\nLocation: file:///{0}\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 403 {0}\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("{0}\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n{0}\r\n\r\n")]
    public async Task Secrets_are_in_no_error_wherever_a_server_repeats_them(string answer)
    {
        await using var server = new RawServer(request => request["Authorization"] is null
            ? RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"x\"")
            : RawAnswer.Raw(Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, answer, "pass-word!"))));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure(new Credential("ann", "pass-word!")) with { Attempts = 1 });

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.DoesNotContain("pass-word!", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_a_quotation_cuts_is_not_in_the_error()
    {
        await using var server = new RawServer(request => request["Authorization"] is null
            ? RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"x\"")
            : RawAnswer.Of(200, "{}", Type, $"Docker-Content-Digest: {new string('x', 194)}pass-word!"));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure(new Credential("ann", "pass-word!")));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.EndsWith("xxx‹secret›…'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_not_in_the_code_of_an_error()
    {
        await using var server = new RawServer(request => request["Authorization"] is null
            ? RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"x\"")
            : RawAnswer.Of(403, """{"errors":[{"code":"pass-word!"}]}"""));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure(new Credential("ann", "pass-word!")));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Equal("‹secret›", error.Code);
    }

    [Fact]
    public async Task A_warning_is_passed_on()
    {
        var warnings = new List<string>();
        await using var server = new RawServer(_ => RawAnswer.Of(200, """{"tags":[]}""", "Warning: 299 - \"going away \\\"soon\\\"\""));
        using var client = server.Client("team/app", RegistryServer.Insecure() with { Warn = warnings.Add });

        await client.ListTagsAsync();

        Assert.Equal([$"registry {server.Host} warns: 'going away \"soon\"'"], warnings);
    }

    [Fact]
    public async Task Whatever_comes_is_an_error_of_the_registry()
    {
        byte[] current = [];
        await using var server = new RawServer(_ => RawAnswer.Raw(current));
        using var client = server.Client("team/app:v1", RegistryServer.Insecure() with { Attempts = 1 });

        foreach (var bytes in Gen.Byte.Array[0, 200].Array[60].Single())
        {
            current = [.. "HTTP/1.1 2"u8, .. bytes];
            await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

            // Without line ends: two of them would end the head, and what follows be a document.
            var header = bytes.Where(value => value != '\n');
            current = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{Type}\r\nContent-Length: 9\r\nLocation: "), .. header];
            await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());
        }
    }

    private static async Task<RegistryException> FailureAsync(RawAnswer answer)
    {
        await using var server = new RawServer(_ => answer);
        using var client = server.Client("team/app:v1", RegistryServer.Insecure() with { Attempts = 1 });
        return await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());
    }

    public sealed record RawRow(string Name, string Body, string Cause, params string[] Headers)
    {
        internal RawAnswer Answer => RawAnswer.Of(200, Body, Headers);

        public override string ToString() => Name;
    }
}
