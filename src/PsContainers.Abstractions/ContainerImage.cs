namespace PsContainers;

/// <summary>An image in the local store.</summary>
public sealed record ContainerImage
{
    /// <summary>The digest of the configuration: <c>sha256:…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The digest of the manifest.</summary>
    public required string Digest { get; init; }

    /// <summary>Every name of the image, shortest form; none when all were removed.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The first name, or the id's beginning when there is none.</summary>
    public string Name => Names.Count > 0 ? Names[0] : ShortId;

    /// <summary>The first 12 digits of the id.</summary>
    public string ShortId => Id.Substring(Id.IndexOf(':') + 1, 12);

    /// <summary>When the image was built, where its configuration says so.</summary>
    public DateTime? Created { get; init; }

    /// <summary>When it came into this store.</summary>
    public required DateTime Imported { get; init; }

    /// <summary>Bytes of the files of all layers, unpacked.</summary>
    public required long Size { get; init; }

    public required int LayerCount { get; init; }

    public required string Architecture { get; init; }

    public required string OperatingSystem { get; init; }

    public required IReadOnlyList<string> Entrypoint { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string User { get; init; }

    public required string WorkingDirectory { get; init; }

    public override string ToString() => Name;
}
