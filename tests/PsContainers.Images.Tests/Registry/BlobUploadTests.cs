using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Pushes that a network cuts, before a real registry.</summary>
public sealed class BlobUploadTests(PushAndPullTests.PlainServer server) : IClassFixture<PushAndPullTests.PlainServer>
{
    private static readonly byte[] _layer = PushedImage.Random(500_000);

    private readonly HastyTime _time = new();

    [Theory]
    [InlineData("PUT", null)]
    [InlineData("PATCH", 100_000)]
    [InlineData("POST", null)]
    public async Task A_push_that_is_cut_is_brought_to_its_end(string method, int? chunk)
    {
        var cuts = 2;
        await using var proxy = new RawServer(request => request.Method == method && cuts-- > 0
            ? RawAnswer.Cut(50_000)
            : RawAnswer.From(server.Registry.Host));

        await PushAsync(proxy, $"cut/{method.ToLowerInvariant()}", chunk);

        Assert.True(proxy.Count(method, "/uploads/") > 2);
    }

    // Debian's registry forgets an upload whose piece came without its answer getting through; others do as is specified.
    [Fact]
    public async Task What_the_registry_has_already_is_not_sent_again()
    {
        await using var registry = new RawServer(request => (request.Method, request["Content-Range"]) switch
        {
            ("POST", _) => RawAnswer.Of(202, "", "Location: /up/0"),
            ("PATCH", "200000-299999") => RawAnswer.Cut(100_000),
            ("PATCH", var range) => RawAnswer.Of(202, "", "Location: /up/1", $"Range: 0-{range!.Split('-')[1]}"),
            ("GET", _) => RawAnswer.Of(204, "", "Location: /up/2", "Range: 0-249999", "Content-Length: 0"),
            ("PUT", _) => RawAnswer.Of(201),
            _ => RawAnswer.Of(404),
        });
        using var client = registry.Client("a", RegistryServer.Insecure() with { Time = _time, ChunkLength = 100_000 });

        await client.PushBlobAsync(Digest.Of(_layer), _layer.Length, () => new MemoryStream(_layer));

        Assert.Equal(
            ["0-99999", "100000-199999", "200000-299999", "250000-349999", "350000-449999", "450000-499999"],
            registry.Requests.Where(request => request.Method == "PATCH").Select(request => request["Content-Range"]!));
        Assert.Equal("/up/1", registry.Requests.Single(request => request.Method == "GET" && request.Path.StartsWith("/up")).Path);
    }

    [Fact]
    public async Task An_upload_that_the_registry_forgot_begins_anew()
    {
        var isFirst = true;
        await using var proxy = new RawServer(request =>
        {
            if (request.Method == "PUT" && isFirst)
            {
                isFirst = false;
                return RawAnswer.Cut(1000);
            }

            return request.Method == "GET" && request.Path.Contains("/uploads/", StringComparison.Ordinal)
                ? RawAnswer.Of(404, """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}""")
                : RawAnswer.From(server.Registry.Host);
        });

        await PushAsync(proxy, "cut/forgotten", null);

        Assert.Equal(2, proxy.Count("POST", "/uploads/"));
    }

    [Fact]
    public async Task A_push_whose_last_answer_is_lost_is_not_repeated()
    {
        var isFirst = true;
        await using var proxy = new RawServer(request =>
        {
            var isLost = request.Method == "PUT" && isFirst;
            isFirst &= !isLost;
            return RawAnswer.From(server.Registry.Host, isLost ? 0 : long.MaxValue);
        });

        await PushAsync(proxy, "cut/end", null);

        Assert.Equal(1, proxy.Count("PUT", "/uploads/"));
    }

    [Fact]
    public async Task A_gateway_that_takes_no_large_request_gets_small_ones()
    {
        await using var proxy = new RawServer(request => request.BodyLength > 200_000
            ? RawAnswer.Of(413)
            : RawAnswer.From(server.Registry.Host));

        await PushAsync(proxy, "small/requests", null, largest: 150_000);

        Assert.Equal(4, proxy.Count("PATCH", "/uploads/"));
    }

    [Fact]
    public async Task The_least_length_of_a_piece_is_respected()
    {
        var lengths = new List<long>();
        await using var registry = new RawServer(request =>
        {
            lengths.AddRange(request.Method == "PATCH" ? [request.BodyLength] : []);
            return request.Method switch
            {
                "POST" => RawAnswer.Of(202, "", "Location: /up/0", "OCI-Chunk-Min-Length: 300000"),
                "PATCH" => RawAnswer.Of(202, "", "Location: /up/1"),
                "PUT" => RawAnswer.Of(201),
                _ => RawAnswer.Of(404),
            };
        });
        using var client = registry.Client("a", RegistryServer.Insecure() with { ChunkLength = 1000 });

        await client.PushBlobAsync(Digest.Of(_layer), _layer.Length, () => new MemoryStream(_layer));

        Assert.Equal([300_000, 200_000], lengths);
    }

    [Fact]
    public async Task A_push_that_never_gets_on_is_given_up()
    {
        await using var proxy = new RawServer(request => request.Method is "PUT" or "PATCH"
            ? RawAnswer.Cut()
            : RawAnswer.From(server.Registry.Host));

        var error = await Assert.ThrowsAsync<RegistryException>(() => PushAsync(proxy, "cut/always", null));

        Assert.Contains($"push the blob {Digest.Of(_layer)}", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, proxy.Count("PUT", "/uploads/") + proxy.Count("PATCH", "/uploads/"));
    }

    [Fact]
    public async Task A_pushed_blob_is_not_sent_to_another_host()
    {
        await using var elsewhere = new RawServer(_ => RawAnswer.Of(201));
        await using var registry = new RawServer(_ => RawAnswer.Of(202, "", $"Location: http://{elsewhere.Host}/up"));
        using var client = registry.Client("a", RegistryServer.Insecure());

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.PushBlobAsync(Digest.Of(_layer), _layer.Length, () => new MemoryStream(_layer)));

        Assert.Contains("another host", error.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_token_that_expires_before_the_content_is_sent_is_replaced()
    {
        await using var issuer = new TokenIssuer();
        using var registry = RegistryServer.WithTokens(issuer);
        var isFirst = true;
        await using var proxy = new RawServer(request =>
        {
            var isRefused = request.Method == "PUT" && isFirst;
            isFirst &= !isRefused;
            return isRefused
                ? RawAnswer.Of(401, "", $"WWW-Authenticate: Bearer realm=\"http://{issuer.Host}/token\",service=\"test\"")
                : RawAnswer.From(registry.Host);
        });
        using var client = proxy.Client("a", RegistryServer.Insecure());

        await client.PushBlobAsync(Digest.Of(_layer), _layer.Length, () => new MemoryStream(_layer));

        Assert.Equal(2, issuer.Requests.Count);
        Assert.True(await client.HasBlobAsync(Digest.Of(_layer)));
    }

    private async Task PushAsync(RawServer proxy, string repository, int? chunk, int? largest = null)
    {
        var settings = RegistryServer.Insecure() with { Time = _time, ChunkLength = chunk };
        using var client = proxy.Client(repository, largest is null ? settings : settings with { FallbackChunkLength = largest.Value });
        using var direct = server.Registry.Client(repository);

        await client.PushBlobAsync(Digest.Of(_layer), _layer.Length, () => new MemoryStream(_layer));

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await direct.OpenBlobAsync(PushedImage.DescriptorOf(_layer))));
    }
}
