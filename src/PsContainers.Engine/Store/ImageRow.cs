using PsContainers.Oci;

namespace PsContainers.Engine.Store;

/// <summary>An image as the store has it.</summary>
internal sealed record ImageRow(
    string Id,
    string Manifest,
    ImageConfig Config,
    long Size,
    DateTime Imported,
    IReadOnlyList<string> Names,
    IReadOnlyList<Digest> Chains);
