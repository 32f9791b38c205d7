using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci.Distribution;

namespace PsContainers.Images.Registry;

/// <summary>Lists that a registry gives in pages.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags</remarks>
internal sealed class NameList(RegistryConnection connection)
{
    private const int MaximumPage = 4 * 1024 * 1024;

    // More names than any repository has; a registry whose pages never end stops here.
    private const int MaximumPages = 10_000;
    private const int MaximumNames = 1_000_000;

    internal async Task<IReadOnlyList<string>> TagsAsync(CancellationToken stop) => await NamesAsync(
        await connection.AddressAsync("tags/list", stop).ConfigureAwait(false),
        connection.PullScope, DistributionJson.Default.TagList, page => page.Tags, stop).ConfigureAwait(false);

    internal async Task<IReadOnlyList<string>> RepositoriesAsync(CancellationToken stop) => await NamesAsync(
        await connection.RootAsync("v2/_catalog", stop).ConfigureAwait(false),
        "registry:catalog:*", DistributionJson.Default.RepositoryList, page => page.Repositories, stop).ConfigureAwait(false);

    private async Task<List<string>> NamesAsync<T>(
        Uri address, string scope, JsonTypeInfo<T> shape, Func<T, IReadOnlyList<string?>?> namesOf, CancellationToken stop)
    {
        var names = new List<string>();
        var visited = new HashSet<Uri>();
        for (Uri? next = address; next is not null;)
        {
            if (!visited.Add(next) || visited.Count > MaximumPages || names.Count > MaximumNames)
            {
                throw new RegistryFault($"the pages of its list do not end ({visited.Count} of them, {names.Count} names)");
            }

            var current = next;
            var (answer, bytes) = await connection.GetDocumentAsync(
                () => new(HttpMethod.Get, current), scope, MaximumPage, stop).ConfigureAwait(false);
            using var response = answer;
            var page = JsonSerializer.Deserialize(bytes, shape) ?? throw new RegistryFault("its list is null");
            names.AddRange((namesOf(page) ?? []).OfType<string>());
            next = AnswerHeaders.NextPage(response);
        }

        return names;
    }
}
