namespace PsContainers.Engine.Store;

/// <summary>A list of images that is to be published under one name.</summary>
/// <param name="Name">Canonical.</param>
internal sealed record ManifestListRow(
    string Name, IReadOnlyDictionary<string, string?> Annotations, DateTime Created, IReadOnlyList<ManifestEntryRow> Entries);
