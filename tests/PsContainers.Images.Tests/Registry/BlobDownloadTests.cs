using System.Globalization;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Blobs from registries that stop, lie or say nothing.</summary>
public sealed class BlobDownloadTests
{
    private static readonly byte[] _layer = PushedImage.Random(200_000);

    private readonly HastyTime _time = new();

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_was()
    {
        await using var server = new RawServer(request => Ranged(request, 50_000));
        using var client = Client(server);

        var content = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob()));

        Assert.Equal(_layer, content);
        Assert.Equal([null, "bytes=50000-", "bytes=100000-", "bytes=150000-"], server.Requests.Select(request => request["Range"]));
    }

    [Fact]
    public async Task A_registry_that_knows_no_ranges_is_read_again_from_the_begin()
    {
        var isFirst = true;
        await using var server = new RawServer(_ =>
        {
            var body = isFirst ? _layer[..70_000] : _layer;
            isFirst = false;
            return RawAnswer.Of(200, body, $"Content-Length: {_layer.Length}");
        });
        using var client = Client(server);

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_registry_that_never_gets_on_is_given_up()
    {
        await using var server = new RawServer(request => Ranged(request, 1));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(
            async () => await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));

        Assert.Contains(Blob().Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Host, error.Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_silent_registry_is_asked_again()
    {
        var isFirst = true;
        await using var server = new RawServer(request =>
        {
            var answer = isFirst ? RawAnswer.Silence : Ranged(request, _layer.Length);
            isFirst = false;
            return answer;
        });
        using var client = server.Client("team/app", RegistryServer.Insecure() with { Patience = TimeSpan.FromSeconds(1) });

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));
    }

    [Fact]
    public async Task A_registry_that_falls_silent_in_the_middle_is_asked_for_the_rest()
    {
        await using var server = new RawServer(request => request["Range"] is null
            ? RawAnswer.Stalling(200, _layer[..10_000], $"Content-Length: {_layer.Length}")
            : Ranged(request, _layer.Length));
        using var client = server.Client("team/app", RegistryServer.Insecure() with { Patience = TimeSpan.FromSeconds(1) });

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));
    }

    [Fact]
    public async Task Wrong_content_is_told_by_its_digest()
    {
        var wrong = (byte[])_layer.Clone();
        wrong[^1] ^= 1;
        await using var server = new RawServer(_ => RawAnswer.Of(200, wrong));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(
            async () => await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));

        Assert.Contains($"the content's digest is {Digest.Of(wrong)}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 300000")]
    [InlineData("Content-Length: 10")]
    public async Task A_length_that_is_not_the_descriptors_is_refused(string length)
    {
        await using var server = new RawServer(_ => RawAnswer.Of(200, _layer, length));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync(Blob()));

        Assert.Contains("instead of the 200000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_given_than_the_descriptor_says()
    {
        var longer = PushedImage.Random(200_000).Append((byte)1).ToArray();
        await using var server = new RawServer(_ => RawAnswer.Of(200, Chunked(longer), "Transfer-Encoding: chunked"));
        using var client = Client(server);
        await using var content = await client.OpenBlobAsync(Blob());
        var read = new byte[longer.Length];

        await content.ReadExactlyAsync(read.AsMemory(0, _layer.Length));
        var error = await Assert.ThrowsAsync<RegistryException>(async () => await content.ReadExactlyAsync(read.AsMemory(0, 1)));

        Assert.Contains("longer than the 200000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_bytes_than_the_wanted_ones_are_refused()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(206, _layer[10..], $"Content-Range: bytes 10-199999/200000"));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync(Blob(), 20));

        Assert.Contains("asked for the bytes from 20 on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_ends_when_the_user_wants_it()
    {
        await using var server = new RawServer(_ => RawAnswer.Stalling(200, _layer[..10], $"Content-Length: {_layer.Length}"));
        using var client = Client(server);
        using var stop = new CancellationTokenSource();
        await using var content = await client.OpenBlobAsync(Blob(), 0, stop.Token);
        await content.ReadExactlyAsync(new byte[10]);

        var reading = content.ReadAsync(new byte[10]).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_token_that_expires_in_the_middle_is_replaced()
    {
        var tokens = 0;
        await using var server = new RawServer(request => request.Path.StartsWith("/token", StringComparison.Ordinal)
            ? RawAnswer.Of(200, $$"""{"token":"t{{++tokens}}"}""")
            : request["Authorization"] != (request["Range"] is null ? "Bearer t1" : "Bearer t2")
                ? RawAnswer.Of(401, "", $"WWW-Authenticate: Bearer realm=\"http://{request["Host"]}/token\"")
                : Ranged(request, 150_000));
        using var client = Client(server);

        Assert.Equal(_layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(Blob())));
        Assert.Equal(2, tokens);
    }

    private static Descriptor Blob() => PushedImage.DescriptorOf(_layer);

    // What was asked for, but after some bytes the connection ends.
    private static RawAnswer Ranged(RawRequest request, int cutAfter)
    {
        if (request["Range"] is not { } range)
        {
            return RawAnswer.Of(200, _layer[..Math.Min(cutAfter, _layer.Length)], $"Content-Length: {_layer.Length}");
        }

        var start = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        var end = Math.Min(_layer.Length, start + cutAfter);
        return RawAnswer.Of(
            206, _layer[start..end],
            $"Content-Range: bytes {start}-{_layer.Length - 1}/{_layer.Length}", $"Content-Length: {_layer.Length - start}");
    }

    private static byte[] Chunked(byte[] body) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

    private RegistryClient Client(RawServer server) => server.Client("team/app", RegistryServer.Insecure() with { Time = _time });
}
