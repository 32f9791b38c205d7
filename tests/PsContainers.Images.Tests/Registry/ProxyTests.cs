using System.Net;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Registries that are reached by a proxy.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task A_registry_whose_name_only_the_proxy_knows_is_reached()
    {
        await using var proxy = new RawServer(request => request.Method == "CONNECT"
            ? RawAnswer.Of(403)
            : RawAnswer.Of(200, """{"tags":["a"]}"""));
        using var client = Client(proxy);

        Assert.Equal(["a"], await client.ListTagsAsync());
        Assert.Equal("http://registry.invalid/v2/team/app/tags/list", proxy.Requests.Last().Path);
    }

    [Fact]
    public async Task By_a_proxy_too_nobody_sends_us_into_our_own_network()
    {
        await using var proxy = new RawServer(request => request.Method == "CONNECT"
            ? RawAnswer.Of(403)
            : RawAnswer.Of(302, "", "Location: http://169.254.169.254/latest/meta-data"));
        using var client = Client(proxy);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.ListTagsAsync());

        Assert.Contains("169.254.169.254, which is on this machine or in its own network", error.Message, StringComparison.Ordinal);
    }

    // TLS is tried first and does not come through, so that the proxy sees what is asked.
    private static RegistryClient Client(RawServer proxy) => new(
        ImageReference.Parse("registry.invalid/team/app"),
        RegistryServer.Insecure() with { Proxy = new WebProxy($"http://{proxy.Host}") });
}
