namespace PsContainers.Engine.Store;

/// <summary>A container as the store has it; its run directory may know better whether it runs.</summary>
internal sealed record ContainerRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ImageId { get; init; }

    public required string ImageName { get; init; }

    public required ContainerSettings Settings { get; init; }

    public required bool RemoveOnExit { get; init; }

    public required DateTime Created { get; init; }

    public required ContainerStatus Status { get; init; }

    /// <summary>The host's boot id at the last start.</summary>
    public string? Boot { get; init; }

    public DateTime? Started { get; init; }

    public DateTime? Finished { get; init; }

    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    public string? Error { get; init; }

    /// <summary>The ids of the images that it cannot do without.</summary>
    public IEnumerable<string> Images => (Settings.Mounts ?? []).Select(mount => mount.Image).OfType<string>().Append(ImageId).Distinct();

    public Durability Durability => RemoveOnExit ? Durability.ProcessCrash : Durability.PowerLoss;
}
