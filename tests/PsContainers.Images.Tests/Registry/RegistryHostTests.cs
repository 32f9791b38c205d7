using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Credentials;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Logging in to a registry, and searching it.</summary>
public sealed class RegistryHostTests
{
    [Fact]
    public async Task The_right_password_lets_in_and_a_wrong_one_does_not()
    {
        using var registry = RegistryServer.WithUser(AuthenticationTests.Users);
        RegistryHost Host(string password) => new(registry.Host, RegistryServer.Insecure(new Credential(TokenIssuer.User, password)));

        await Host(TokenIssuer.Password).PingAsync();
        var error = await Assert.ThrowsAsync<RegistryException>(() => Host("wrong").PingAsync());

        Assert.True(error.IsDenied);
        Assert.StartsWith($"registry {registry.Host}: cannot log in: it answered 401", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_server_tells_a_wrong_password_too()
    {
        await using var issuer = new TokenIssuer();
        using var registry = RegistryServer.WithTokens(issuer);
        RegistryHost Host(string password) => new(registry.Host, RegistryServer.Insecure(new Credential(TokenIssuer.User, password)));

        await Host(TokenIssuer.Password).PingAsync();

        Assert.True((await Assert.ThrowsAsync<RegistryException>(() => Host("wrong").PingAsync())).IsDenied);
    }

    [Fact]
    public async Task A_registry_without_search_is_searched_by_name()
    {
        using var registry = new RegistryServer();
        foreach (var name in (string[])["team/web", "team/worker", "other/web"])
        {
            using var client = registry.Client(name);
            await PushedImage.Small.PushAsync(client);
        }

        var found = await new RegistryHost(registry.Host, RegistryServer.Insecure()).SearchAsync("WEB");

        Assert.Equal(["other/web", "team/web"], found.Select(repository => repository.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_registry_with_search_is_asked()
    {
        await using var registry = new RawServer(_ => RawAnswer.Of(
            200,
            """{"results":[{"name":"web","description":"d","star_count":7,"is_official":true},null,{"name":"web2"}]}""",
            "Content-Type: application/json"));

        var found = await new RegistryHost(registry.Host, RegistryServer.Insecure()).SearchAsync("a b&c", 10);

        Assert.Equal([new("web", "d", 7, true), new FoundRepository("web2", "", 0, false)], found);
        Assert.Equal("/v1/search?q=a%20b%26c&n=10", Assert.Single(registry.Requests).Path);
    }
}
