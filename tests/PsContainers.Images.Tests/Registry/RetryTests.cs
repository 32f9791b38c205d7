using System.Diagnostics;
using System.Net;
using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>What is tried again, when, and how often.</summary>
public sealed class RetryTests
{
    private readonly HastyTime _time = new();

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_passes_is_tried_again(int status)
    {
        await using var server = new RawServer(Failing(2, () => RawAnswer.Of(status)));
        using var client = Client(server);

        Assert.True(await client.HasBlobAsync(Digest.Of([])));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, _time.Waits.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task What_does_not_pass_is_not_tried_again(int status)
    {
        await using var server = new RawServer(_ => RawAnswer.Of(status));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.HasBlobAsync(Digest.Of([])));

        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_made_anew()
    {
        await using var server = new RawServer(Failing(3, () => RawAnswer.Cut()));
        using var client = Client(server);

        Assert.True(await client.HasBlobAsync(Digest.Of([])));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_document_that_is_cut_off_is_asked_for_again()
    {
        const string tags = """{"tags":["a"]}""";
        var left = 2;
        await using var server = new RawServer(_ => RawAnswer.Of(200, left-- > 0 ? tags[..5] : tags, $"Content-Length: {tags.Length}"));
        using var client = Client(server);

        Assert.Equal(["a"], await client.ListTagsAsync());
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Trying_again_comes_to_an_end()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(503, "", "Retry-After: 1"));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, error.Status);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Nobody_there_is_said_after_some_tries()
    {
        var client = new RegistryClient(
            ImageReference.Parse($"127.0.0.1:{RegistryServer.FreePort()}/a"), RegistryServer.Insecure() with { Time = _time });

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, _time.Waits.Count);
        client.Dispose();
    }

    [Theory]
    [InlineData(37)]
    [InlineData(90)]
    public async Task The_registry_says_in_seconds_how_long_to_wait(int seconds)
    {
        await using var server = new RawServer(Failing(1, () => RawAnswer.Of(429, "", $"Retry-After: {seconds}")));
        using var client = Client(server);

        await client.HasBlobAsync(Digest.Of([]));

        Assert.Equal([TimeSpan.FromSeconds(seconds)], _time.Waits);
    }

    [Fact]
    public async Task The_registry_says_by_the_clock_how_long_to_wait()
    {
        await using var server = new RawServer(
            Failing(1, () => RawAnswer.Of(503, "", $"Retry-After: {DateTimeOffset.UtcNow.AddSeconds(40):R}")));
        using var client = Client(server);

        await client.HasBlobAsync(Digest.Of([]));

        Assert.InRange(Assert.Single(_time.Waits), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(41));
    }

    [Fact]
    public async Task Nobody_waits_for_an_hour()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(
            429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"pull rate limit"}]}""", "Retry-After: 3600"));
        using var client = Client(server);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("429 Status (TOOMANYREQUESTS: pull rate limit)", error.Message, StringComparison.Ordinal);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task A_wait_ends_at_once_when_the_user_wants_it()
    {
        await using var server = new RawServer(_ => RawAnswer.Of(503, "", "Retry-After: 100"));
        using var client = server.Client("a", RegistryServer.Insecure());
        using var stop = new CancellationTokenSource();
        var asking = client.GetManifestAsync(stop.Token);
        while (server.Count("GET", "/manifests/") == 0)
        {
            await Task.Delay(5);
        }

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData(1, 0, 500)]
    [InlineData(1, 1, 250)]
    [InlineData(3, 0, 2000)]
    [InlineData(30, 0, 20_000)]
    [InlineData(int.MaxValue, 1, 10_000)]
    public void The_wait_doubles_up_to_a_limit(int failures, double jitter, double milliseconds)
    {
        Assert.Equal(milliseconds, Backoff.Delay(failures, jitter).TotalMilliseconds);
    }

    private static Func<RawRequest, RawAnswer> Failing(int times, Func<RawAnswer> failure)
    {
        var left = times;
        return _ => left-- > 0 ? failure() : RawAnswer.Of(200);
    }

    private RegistryClient Client(RawServer server) => server.Client("a", RegistryServer.Insecure() with { Time = _time });
}
