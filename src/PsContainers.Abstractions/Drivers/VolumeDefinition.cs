namespace PsContainers.Drivers;

/// <summary>A volume as its driver sees it.</summary>
public sealed record VolumeDefinition
{
    /// <summary>64 hexadecimal digits, which no other volume has. It stays when the volume gets another name.</summary>
    public required string Id { get; init; }

    /// <summary>What the user called it when it was made.</summary>
    public required string Name { get; init; }

    public required string Driver { get; init; }

    /// <summary>What only this driver knows; it refuses names that it does not know.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
