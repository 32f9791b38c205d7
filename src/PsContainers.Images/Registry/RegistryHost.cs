using System.Net;
using System.Text.Json;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci.Distribution;

namespace PsContainers.Images.Registry;

/// <summary>A registry as a whole: whether it lets us in, and what it has. Errors are as those of <see cref="RegistryClient"/>.</summary>
/// <param name="registry">Host, with its port where it has one, such as `docker.io`.</param>
public sealed class RegistryHost(string registry, RegistrySettings settings)
{
    private const int MaximumAnswer = 4 * 1024 * 1024;

    // What Docker Hub gives at once.
    private const int MaximumResults = 100;

    private readonly Secrets _secrets = new();

    /// <summary>Returns when the registry accepts the credentials, or wants none; a login is that they are kept then.</summary>
    public Task PingAsync(CancellationToken stop = default) => Task("log in").RunAsync(async () =>
    {
        using var connection = new RegistryConnection(Endpoint(), settings, _secrets);
        using var request = new HttpRequestMessage(HttpMethod.Get, await connection.RootAsync("v2/", stop).ConfigureAwait(false));
        using var response = await connection.SendAsync(request, "", stop, HttpStatusCode.OK).ConfigureAwait(false);
    });

    /// <summary>The repositories that match some words; where the registry has no search, those whose name contains them.</summary>
    /// <param name="limit">How many at most.</param>
    public Task<IReadOnlyList<FoundRepository>> SearchAsync(string words, int limit = 25, CancellationToken stop = default) =>
        Task($"search for '{words}'").RunAsync(async () =>
            await SearchByServiceAsync(words, limit, stop).ConfigureAwait(false)
            ?? await SearchByNameAsync(words, limit, stop).ConfigureAwait(false));

    private RegistryTask Task(string words) => new(registry, words, _secrets);

    private RegistryEndpoint Endpoint() => settings.Registries.EndpointOf(registry, settings.AllowInsecure);

    // Null when the registry has no such service; what it says of that differs much.
    private async Task<IReadOnlyList<FoundRepository>?> SearchByServiceAsync(string words, int limit, CancellationToken stop)
    {
        using var connection = new RegistryConnection(Endpoint().Search, settings, _secrets);
        var query = $"v1/search?q={Uri.EscapeDataString(words)}&n={Math.Min(limit, MaximumResults)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, await connection.RootAsync(query, stop).ConfigureAwait(false));
        using var response = await connection.SendAsync(request, "", stop).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }

        var bytes = await AnswerBody.ReadAsync(response, MaximumAnswer, settings, stop).ConfigureAwait(false);
        var found = JsonSerializer.Deserialize(bytes, DistributionJson.Default.SearchAnswer)?.Results ?? [];
        return
        [
            .. found.Where(result => result?.Name is not null).Take(limit)
                .Select(result => new FoundRepository(result!.Name!, result.Description ?? "", result.StarCount, result.IsOfficial)),
        ];
    }

    private async Task<IReadOnlyList<FoundRepository>> SearchByNameAsync(string words, int limit, CancellationToken stop)
    {
        using var connection = new RegistryConnection(Endpoint(), settings, _secrets);
        var names = await new NameList(connection).RepositoriesAsync(stop).ConfigureAwait(false);
        return
        [
            .. names.Where(name => name.Contains(words, StringComparison.OrdinalIgnoreCase)).Take(limit)
                .Select(name => new FoundRepository(name, "", 0, false)),
        ];
    }
}
