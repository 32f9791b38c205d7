using PsContainers.Images.Registry.Blobs;
using PsContainers.Images.Registry.Http;
using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>
/// The repository of an image in its registry. Reading asks the mirrors first that the machine's settings name; what is pushed goes to
/// the registry itself. Whatever a registry does wrong is a <see cref="RegistryException"/>. Can be used by several tasks at once.
/// </summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md</remarks>
public sealed class RegistryClient : IDisposable
{
    private readonly ImageReference _image;
    private readonly RegistryConnection _registry;
    private readonly PullSources _sources;
    private readonly Secrets _secrets = new();

    public RegistryClient(ImageReference image, RegistrySettings settings)
    {
        _image = image;
        var endpoints = settings.Registries.EndpointsFor(image, settings.AllowInsecure);
        _registry = new(endpoints.Registry, settings, _secrets);
        _sources = new([.. endpoints.Mirrors.Select(mirror => new RegistryConnection(mirror, settings, _secrets)), _registry]);
    }

    private string Repository => $"{_image.Registry}/{_image.Repository}";

    /// <summary>The image's manifest or index, its digest checked where the reference has one.</summary>
    public Task<FetchedManifest> GetManifestAsync(CancellationToken stop = default) => GetManifestAsync(_image.Digest, stop);

    /// <summary>Another manifest of the repository, such as the one of a platform.</summary>
    public Task<FetchedManifest> GetManifestAsync(Digest digest, CancellationToken stop = default) =>
        GetManifestAsync((Digest?)digest, stop);

    /// <summary>What the reference points to, without fetching it; null when the registry does not have it.</summary>
    public Task<Descriptor?> HeadManifestAsync(CancellationToken stop = default) => _sources.FindAsync(
        Task($"look for {_image}"),
        source => new ManifestRequests(source).HeadAsync(_image.Digest?.ToString() ?? _image.Tag!, _image.Digest, stop));

    /// <summary>
    /// Opens a blob. Reading goes on where the registry was cut off, gives exactly <see cref="Descriptor.Size"/> bytes in all and,
    /// when it began at 0, throws at the end unless they have the digest.
    /// </summary>
    /// <param name="offset">Bytes that are here already.</param>
    /// <param name="stop">Ends the reading, too.</param>
    public Task<Stream> OpenBlobAsync(Descriptor blob, long offset = 0, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.Size);
        var task = Task($"get the blob {blob.Digest} of {Repository}");
        return _sources.GetAsync(task, async source =>
            (Stream)await BlobDownload.OpenAsync(source, task, blob, offset, stop).ConfigureAwait(false));
    }

    /// <summary>Whether the registry itself has a blob.</summary>
    public Task<bool> HasBlobAsync(Digest digest, CancellationToken stop = default) =>
        Task($"look for the blob {digest} in {Repository}")
            .RunAsync(() => new BlobPresence(_registry).IsThereAsync(digest, _registry.PullScope, stop));

    /// <summary>Has the registry take a blob from another of its repositories; false when it has to be pushed after all.</summary>
    public Task<bool> MountBlobAsync(Digest digest, string fromRepository, CancellationToken stop = default) =>
        Task($"take the blob {digest} of {fromRepository} into {Repository}")
            .RunAsync(() => new BlobMount(_registry).RunAsync(digest, fromRepository, stop));

    /// <summary>Pushes a blob; after a cut the rest of it.</summary>
    /// <param name="source">Gives the content; asked again for every try.</param>
    /// <param name="progress">Is told how many bytes have gone; fewer than before after a cut.</param>
    public Task PushBlobAsync(Descriptor blob, BlobSource source, IProgress<long>? progress = null, CancellationToken stop = default) =>
        Task($"push the blob {blob.Digest} to {Repository}")
            .RunAsync(() => new BlobUpload(_registry, blob, source, progress, stop).RunAsync());

    /// <summary>Puts a manifest where the reference points to. All that it names has to be there already.</summary>
    public Task PutManifestAsync(string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop = default) =>
        PutManifestAsync(_image.Tag ?? _image.Digest.ToString()!, mediaType, bytes, stop);

    /// <summary>Puts a manifest that only its digest names, such as the one of a platform.</summary>
    public Task PutManifestAsync(Digest digest, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop = default) =>
        PutManifestAsync(digest.ToString(), mediaType, bytes, stop);

    /// <summary>All tags of the repository, in the registry's order.</summary>
    public Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken stop = default) => _sources.GetAsync(
        Task($"list the tags of {Repository}"),
        source => new NameList(source).TagsAsync(stop));

    public void Dispose() => _sources.Dispose();

    private RegistryTask Task(string words) => new(_image.Registry, words, _secrets);

    private Task<FetchedManifest> GetManifestAsync(Digest? digest, CancellationToken stop) => _sources.GetAsync(
        Task($"get the manifest of {(digest is null ? _image : $"{Repository}@{digest}")}"),
        source => new ManifestRequests(source).GetAsync(digest?.ToString() ?? _image.Tag!, digest, stop));

    private Task PutManifestAsync(string reference, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        Task($"push the manifest {reference} to {Repository}")
            .RunAsync(() => new ManifestRequests(_registry).PutAsync(reference, mediaType, bytes, stop));
}
