using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Registries that want to know who we are.</summary>
public sealed class AuthenticationTests
{
    // htpasswd -nbB ann s3cret:word
    internal const string Users = "ann:$2b$04$vLFchKt8xlYvE2uPoI4.oOXjC0QSYq.FnMhVG3ilkgrY3IlSP4aY2";

    private static Credential Ann => new(TokenIssuer.User, TokenIssuer.Password);

    [Fact]
    public async Task A_password_opens_a_registry_that_asks_for_one()
    {
        using var registry = RegistryServer.WithUser(Users);
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(Ann));

        await PushedImage.Small.PushAsync(client);

        Assert.Equal(PushedImage.Small.Manifest, (await client.GetManifestAsync()).Bytes.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong-password")]
    public async Task Without_the_right_password_the_error_says_that_it_is_missing(string? password)
    {
        using var registry = RegistryServer.WithUser(Users);
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(password is null ? null : new("ann", password)));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.True(error.IsDenied);
        Assert.Equal("UNAUTHORIZED", error.Code);
        Assert.DoesNotContain(password ?? "nothing", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_fetched_for_what_is_done_and_used_again()
    {
        await using var issuer = new TokenIssuer();
        using var registry = RegistryServer.WithTokens(issuer);
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(Ann));

        await PushedImage.Small.PushAsync(client);
        await client.GetManifestAsync();
        await client.HeadManifestAsync();

        var asked = issuer.Requests.Select(request => Uri.UnescapeDataString(request.Path)).ToList();
        Assert.Equal(2, asked.Count);
        Assert.Contains("scope=repository:team/app:pull,push", asked[0], StringComparison.Ordinal);
        Assert.Contains("service=test", asked[0], StringComparison.Ordinal);
        Assert.EndsWith("scope=repository:team/app:pull", asked[1], StringComparison.Ordinal);
        Assert.All(issuer.Requests, request => Assert.StartsWith("Basic ", request["Authorization"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_is_fetched_without_credentials_where_none_are_known()
    {
        await using var issuer = new TokenIssuer();
        using var registry = RegistryServer.WithTokens(issuer);
        using var client = registry.Client("team/app:v1");

        await PushedImage.Small.PushAsync(client);

        Assert.Null(Assert.Single(issuer.Requests)["Authorization"]);
    }

    [Fact]
    public async Task A_token_that_expired_is_replaced()
    {
        await using var issuer = new TokenIssuer { Lifetime = 60 };
        using var registry = RegistryServer.WithTokens(issuer);
        var time = new HastyTime();
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(Ann) with { Time = time });
        await PushedImage.Small.PushAsync(client);

        time.Advance(TimeSpan.FromSeconds(50));
        await client.HasBlobAsync(Digest.Of(PushedImage.Small.Layer));
        await client.HasBlobAsync(Digest.Of(PushedImage.Small.Layer));
        time.Advance(TimeSpan.FromSeconds(60));
        await client.HasBlobAsync(Digest.Of(PushedImage.Small.Layer));

        Assert.Equal(3, issuer.Requests.Count);
    }

    [Fact]
    public async Task An_identity_token_is_posted_and_not_shown_to_the_registry()
    {
        var form = "";
        await using var registry = new RawServer(request => (request.Method, request["Authorization"]) switch
        {
            ("POST", _) => RawAnswer.To(body =>
            {
                form = body;
                return RawAnswer.Of(200, """{"access_token":"opens","scope":"","expires_in":300}""");
            }),
            (_, "Bearer opens") => RawAnswer.Of(200, """{"tags":["a"]}"""),
            _ => RawAnswer.Of(401, "", $"WWW-Authenticate: Bearer realm=\"http://{request["Host"]}/token\",service=\"a b\""),
        });
        var credential = new Credential("<token>", null) { IdentityToken = "identity/token" };
        using var client = registry.Client("team/app", RegistryServer.Insecure(credential));

        Assert.Equal(["a"], await client.ListTagsAsync());
        Assert.Equal(
            "grant_type=refresh_token&service=a+b&scope=repository%3Ateam%2Fapp%3Apull&client_id=pscontainers"
            + "&refresh_token=identity%2Ftoken",
            form);
        Assert.DoesNotContain(registry.Requests, request => request.Head.Contains("identity", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_was_given_beforehand_opens_the_registry()
    {
        await using var registry = new RawServer(request => request["Authorization"] == "Bearer given"
            ? RawAnswer.Of(200, """{"tags":["a"]}""")
            : RawAnswer.Of(401, "", "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/token\""));
        var credential = new Credential("", null) { RegistryToken = "given" };
        using var client = registry.Client("team/app", RegistryServer.Insecure(credential));

        Assert.Equal(["a"], await client.ListTagsAsync());
    }

    [Fact]
    public async Task Many_tasks_at_once_fetch_one_token()
    {
        await using var issuer = new TokenIssuer();
        using var registry = RegistryServer.WithTokens(issuer);
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(Ann));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => client.HasBlobAsync(Digest.Of([(byte)i]))));

        Assert.Single(issuer.Requests);
    }

    [Fact]
    public async Task A_token_server_that_refuses_is_named_in_the_error()
    {
        await using var issuer = new TokenIssuer { IsPrivate = true };
        using var registry = RegistryServer.WithTokens(issuer);
        using var client = registry.Client("team/app:v1", RegistryServer.Insecure(new("ann", "wrong-password")));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains($"token server {issuer.Host}: it answered 401", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsDenied);
        Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal);
    }
}
