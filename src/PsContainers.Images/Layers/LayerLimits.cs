using System.Globalization;

namespace PsContainers.Images.Layers;

/// <summary>How much a stranger's layer may make of this machine.</summary>
public sealed record LayerLimits
{
    public static LayerLimits Default { get; } = new();

    /// <summary>Bytes of all files together, holes counted.</summary>
    public long MaximumBytes { get; init; } = 64L * 1024 * 1024 * 1024;

    public long MaximumEntries { get; init; } = 8 * 1024 * 1024;

    /// <summary>The names of directories are kept in memory until all entries are there. Their paths together, in characters.</summary>
    public long MaximumDirectoryNames { get; init; } = 256L * 1024 * 1024;

    /// <summary>Uncompressed bytes for each compressed one. Text reaches 20, a file of zeros 1000.</summary>
    public double MaximumRatio { get; init; } = 200;

    /// <summary>The ratio is not looked at before so many uncompressed bytes: small layers may well be mostly zeros.</summary>
    public long RatioFloor { get; init; } = 512L * 1024 * 1024;

    /// <summary>Whether device nodes are made; they work in a container only as far as its device rules let them.</summary>
    public bool AllowDevices { get; init; } = true;

    /// <summary>Headers and padding come on top of the files, so the archive may be somewhat longer than what is in it.</summary>
    internal long MaximumArchiveBytes => MaximumBytes < long.MaxValue / 4 ? (MaximumBytes * 2) + (64 * 1024 * 1024) : long.MaxValue;

    /// <summary>Refuses an archive whose first so many bytes are already too much.</summary>
    internal void Guard(long unpacked, long compressed)
    {
        if (unpacked > MaximumArchiveBytes)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture, $"it unpacks to more than the {MaximumBytes} bytes that are allowed"));
        }

        GuardRatio(unpacked, compressed);
    }

    internal void GuardRatio(long unpacked, long compressed)
    {
        if (unpacked > RatioFloor && unpacked > compressed * MaximumRatio)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"it unpacks to more than {MaximumRatio} times its {compressed} compressed bytes: a decompression bomb"));
        }
    }
}
