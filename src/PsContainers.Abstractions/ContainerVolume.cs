namespace PsContainers;

/// <summary>A volume as it was when it was asked for.</summary>
public sealed record ContainerVolume
{
    /// <summary>64 hexadecimal digits; any unique beginning names the volume too.</summary>
    public required string Id { get; init; }

    /// <summary>Of an anonymous one its id.</summary>
    public required string Name { get; init; }

    public required string Driver { get; init; }

    /// <summary>Made for a container that named none; it goes with the last container that has it.</summary>
    public required bool Anonymous { get; init; }

    public required ContainerVolumeStatus Status { get; init; }

    /// <summary>The directory of the host that holds the files; null where a driver shows them only while somebody uses them.</summary>
    public string? Directory { get; init; }

    public required IReadOnlyDictionary<string, string> Option { get; init; }

    public required IReadOnlyDictionary<string, string> Label { get; init; }

    public required DateTime Created { get; init; }

    /// <summary>The names of the containers, running or not, that have it.</summary>
    public required IReadOnlyList<string> Container { get; init; }

    /// <summary>Where <c>Mount-ContainerVolume</c> shows it.</summary>
    public required IReadOnlyList<string> MountPoint { get; init; }

    public override string ToString() => Name;
}
