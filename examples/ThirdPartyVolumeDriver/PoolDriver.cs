using PsContainers.Drivers;

namespace ThirdPartyVolumeDriver;

/// <summary>Keeps each volume as a directory of a pool, which the option <c>pool</c> names.</summary>
/// <remarks>It says at the creation where the files lie, so it needs no IVolumeMounter, and a container's start costs no call.</remarks>
public sealed class PoolDriver(DriverEnvironment environment) : IVolumeDriver
{
    private const string PoolOption = "pool";
    private const string ModeOption = "mode";
    private const UnixFileMode UsualMode = (UnixFileMode)0x1ed; // 0755

    public VolumeDefinition Define(VolumeDefinition wanted)
    {
        foreach (var option in wanted.Options.Keys.Where(option => option is not (PoolOption or ModeOption)))
        {
            throw Wrong(option, $"volumes of a pool have no option {option}");
        }

        var pool = wanted.Options.GetValueOrDefault(PoolOption) ?? Path.Combine(environment.StateDirectory, "pool");
        if (wanted.Options.ContainsKey(PoolOption) && (!Path.IsPathRooted(pool) || !Directory.Exists(pool)))
        {
            throw Wrong(PoolOption, $"{pool} is no directory of this host");
        }

        // What was left open is decided once: a later version of this driver may have another default.
        return wanted with
        {
            Options = new Dictionary<string, string>
            {
                [PoolOption] = Path.GetFullPath(pool),
                [ModeOption] = wanted.Options.GetValueOrDefault(ModeOption) is { } mode
                    ? Convert.ToString((int)ModeOf(mode), 8)
                    : Convert.ToString((int)UsualMode, 8),
            },
        };
    }

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation)
    {
        var directory = DirectoryOf(volume);
        try
        {
            if (!Directory.Exists(directory))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(directory)!);

                // Nobody sees it before it is what it should be.
                var made = Directory.CreateDirectory(directory + ".new");
                made.UnixFileMode = ModeOf(volume.Options[ModeOption]);
                Directory.Move(made.FullName, directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"no directory for the volume {volume.Name}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }

        return new VolumeResult { Path = directory };
    }

    // The definition says where it is, so a result is not needed.
    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
        var directory = DirectoryOf(record.Volume);
        try
        {
            foreach (var path in new[] { directory, directory + ".new" }.Where(Directory.Exists))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"the directory {directory} of the volume {record.Volume.Name}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }

    // By the id: the volume may get another name, and its old one may be given to another volume.
    private static string DirectoryOf(VolumeDefinition volume) => Path.Combine(volume.Options[PoolOption], volume.Id);

    private static UnixFileMode ModeOf(string text)
    {
        try
        {
            return Convert.ToInt32(text, 8) is var mode and >= 0 and <= 0xfff // 07777
                ? (UnixFileMode)mode
                : throw Wrong(ModeOption, $"{text} is no mode such as 0750");
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw Wrong(ModeOption, $"{text} is no mode such as 0750");
        }
    }

    private static DriverException Wrong(string option, string message) =>
        new(message, DriverErrorKind.InvalidRequest, $"options.{option}");
}
