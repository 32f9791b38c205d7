using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>One entry of a tar archive, whichever dialect said it.</summary>
public sealed record TarEntry(TarEntryKind Kind, string Name)
{
    internal static SortedDictionary<string, byte[]> NoAttributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Target of a symbolic link, verbatim; of a hard link, the name of an earlier entry.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>Permissions with setuid, setgid and sticky: the lower twelve bits.</summary>
    public int Mode { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    /// <summary>Length of the file with its holes.</summary>
    public long Size { get; init; }

    public FileTime Modified { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes by name, in ordinal order.</summary>
    public SortedDictionary<string, byte[]> Attributes { get; init; } = NoAttributes;
}
