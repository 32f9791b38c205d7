using System.Net;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Images.Registry.Credentials;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Where a registry may send us, and what we take along.</summary>
public sealed class RedirectTests
{
    private const string Public = "203.0.113.5";

    private static readonly byte[] _layer = PushedImage.Random(1000);

    [Fact]
    public async Task Credentials_do_not_go_to_another_host()
    {
        await using var storage = new RawServer(_ => RawAnswer.Of(200, _layer));
        await using var registry = new RawServer(request => request["Authorization"] is null
            ? RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"x\"")
            : RawAnswer.Of(307, "", $"Location: http://{storage.Host}/blob?signature=abc"));
        using var client = registry.Client("a", RegistryServer.Insecure(new Credential("ann", "secret")));

        var content = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(_layer)));

        Assert.Equal(_layer, content);
        Assert.Null(Assert.Single(storage.Requests)["Authorization"]);
    }

    [Fact]
    public async Task Another_host_that_asks_for_credentials_gets_none()
    {
        await using var storage = new RawServer(_ => RawAnswer.Of(401, "", "WWW-Authenticate: Basic realm=\"give me\""));
        await using var registry = new RawServer(_ => RawAnswer.Of(302, "", $"Location: http://{storage.Host}/blob"));
        using var client = registry.Client("a", RegistryServer.Insecure(new Credential("ann", "secret")));

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync(PushedImage.DescriptorOf(_layer)));

        Assert.True(error.IsDenied);
        Assert.All(storage.Requests.Concat(registry.Requests), request => Assert.Null(request["Authorization"]));
    }

    [Fact]
    public async Task A_range_is_asked_for_behind_a_redirect_too()
    {
        await using var registry = new RawServer(request => request.Path == "/elsewhere"
            ? RawAnswer.Of(206, _layer[600..], "Content-Range: bytes 600-999/1000")
            : RawAnswer.Of(308, "", "Location: /elsewhere"));
        using var client = registry.Client("a", RegistryServer.Insecure());

        var content = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(_layer), 600));

        Assert.Equal(_layer[600..], content);
        Assert.Equal("bytes=600-", registry.Requests.Last()["Range"]);
    }

    [Theory]
    [InlineData("Location: /v2/again", "more than 5 times")]
    [InlineData("X: y", "without saying where to")]
    [InlineData("Location: file:///etc/passwd", "no address")]
    [InlineData("Location: http://user:password@127.0.0.1/", "no address")]
    [InlineData("Location: http://[", "no address")]
    public async Task A_redirect_that_leads_nowhere_is_refused(string header, string cause)
    {
        await using var registry = new RawServer(_ => RawAnswer.Of(302, "", header));
        using var client = registry.Client("a", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.0.1")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[fe80::1]")]
    [InlineData("innocent.example")] // resolves to an address of this machine
    [InlineData("2130706433")] // 127.0.0.1 as a number
    public async Task A_registry_of_the_internet_cannot_send_us_into_our_own_network(string host)
    {
        await using var inside = new RawServer(_ => RawAnswer.Of(200, "inside"));
        var port = inside.Host.Split(':')[1];
        await using var registry = new RawServer(_ => RawAnswer.Of(302, "", $"Location: http://{host}:{port}/"));
        using var client = PublicClient(registry);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("in its own network", error.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("innocent.example")]
    public async Task A_token_server_is_not_in_our_own_network_either(string host)
    {
        await using var inside = new RawServer(_ => RawAnswer.Of(200, "inside"));
        await using var registry = new RawServer(_ => RawAnswer.Of(
            401, "", $"WWW-Authenticate: Bearer realm=\"http://{host}:{inside.Host.Split(':')[1]}/token\""));
        using var client = PublicClient(registry);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("in its own network", error.Message, StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_registry_of_the_internet_may_send_us_to_the_internet()
    {
        await using var storage = new RawServer(_ => RawAnswer.Of(200, _layer));
        var port = storage.Host.Split(':')[1];
        await using var registry = new RawServer(_ => RawAnswer.Of(302, "", $"Location: http://{Public}:{port}/blob"));
        using var client = PublicClient(registry);

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(_layer))));
    }

    [Fact]
    public async Task A_redirect_from_tls_to_none_is_refused()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("registry.example");
        await using var storage = new RawServer(_ => RawAnswer.Of(200, _layer));
        await using var registry = new RawServer(_ => RawAnswer.Of(302, "", $"Location: http://{storage.Host}/blob"), certificate);
        using var client = registry.Client("a", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync(PushedImage.DescriptorOf(_layer)));

        Assert.Contains("redirects from https to http", error.Message, StringComparison.Ordinal);
        Assert.Empty(storage.Requests);
    }

    [Theory]
    [InlineData("8.8.8.8", false)]
    [InlineData("2600::1", false)]
    [InlineData("172.15.0.1", false)]
    [InlineData("172.31.0.1", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("fd00::1", true)]
    [InlineData("64:ff9b::7f00:1", true)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("2002:a00:1::", true)]
    public void An_address_of_our_own_network_is_recognized(string address, bool isPrivate)
    {
        Assert.Equal(isPrivate, AddressRange.IsPrivate(IPAddress.Parse(address)));
    }

    // The registry's name has an address of the internet; whatever is connected to there is on this machine's loopback.
    private static RegistryClient PublicClient(RawServer registry)
    {
        var network = new NetworkAccess
        {
            Resolve = (name, _) => Task.FromResult(
                new[] { IPAddress.Parse(name == "registry.example" ? Public : "127.0.0.1") }),
            Connect = (address, stop) => NetworkAccess.System.Connect(new(IPAddress.Loopback, address.Port), stop),
        };
        return new(
            ImageReference.Parse($"registry.example:{registry.Host.Split(':')[1]}/a"),
            RegistryServer.Insecure() with { Network = network, Registries = RegistriesConfiguration.Empty });
    }
}
