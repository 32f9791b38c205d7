using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume;

/// <summary>What a user may say of a local volume: either how its folder is to be, or what is to be mounted.</summary>
internal sealed record LocalOptions
{
    internal const string Type = "type";
    internal const string Words = "o";
    internal const string Device = "device";

    private const string None = "none";
    private const int DefaultMode = 0x1ed; // 0755

    // Those of a folder and of a new file system in memory; what is there already has its own.
    private static readonly string[] _ofWhatIsNew = [TmpfsWords.UserId, TmpfsWords.GroupId, TmpfsWords.Mode, TmpfsWords.Size];
    private static readonly string[] _ofMounts = [Type, Words, Device];

    /// <summary>Null of a folder.</summary>
    internal MountPlan? Mounted { get; private init; }

    /// <summary>Null: the engine's own user.</summary>
    internal uint? Owner { get; private init; }

    /// <summary>Null: the engine's own group.</summary>
    internal uint? Group { get; private init; }

    internal int Mode { get; private init; }

    /// <summary>The most that the folder may hold, in bytes.</summary>
    internal long? Quota { get; private init; }

    internal static LocalOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        var reader = new OptionReader("local", options, [.. _ofMounts, .. _ofWhatIsNew]);
        return _ofMounts.Any(options.ContainsKey) ? new() { Mounted = PlanOf(reader) } : new()
        {
            Owner = reader.Number(TmpfsWords.UserId),
            Group = reader.Number(TmpfsWords.GroupId),
            Mode = reader.Mode(TmpfsWords.Mode) ?? DefaultMode,
            Quota = reader.Size(TmpfsWords.Size),
        };
    }

    private static MountPlan PlanOf(OptionReader reader)
    {
        var words = MountWords.Parse(reader.Text(Words), Words);
        var type = reader.Text(Type) ?? (words.IsBind ? None : throw OptionReader.Refused(
            Type, $"option {Type} is missing: the file system that is to be mounted, such as nfs, ext4 or tmpfs"));
        var isTmpfs = type == TmpfsWords.Type;
        if (!isTmpfs && _ofWhatIsNew.FirstOrDefault(reader.Has) is { } wrong)
        {
            throw OptionReader.Refused(
                wrong, $"option {wrong} is for folders and {TmpfsWords.Type}; other file systems have theirs in option {Words}");
        }

        var device = reader.Text(Device) ?? (isTmpfs ? TmpfsWords.Type : throw OptionReader.Refused(
            Device, $"option {Device} is missing: what of type {type} is to be mounted"));
        CheckBind(type, device, words);
        return new()
        {
            FileSystem = type,
            Device = device,
            Words = words,
            Own = isTmpfs ? [.. words.Own, .. TmpfsWords.Of(reader)] : words.Own,
        };
    }

    private static void CheckBind(string type, string device, MountWords words)
    {
        if (words.IsBind != (type == None))
        {
            throw words.IsBind
                ? OptionReader.Refused(Type, $"option {Type} is '{type}', but a bind mount has no file system of its own: {None}")
                : OptionReader.Refused(Words, $"option {Words} lacks bind or rbind: with {Type} {None} nothing else can be mounted");
        }

        if (words.IsBind && words.Own.Count > 0)
        {
            // What stands behind an equals sign may be a secret.
            var name = words.Own[0].Split('=')[0];
            throw OptionReader.Refused(Words, $"option {Words} has '{name}' in it, which a bind mount does not know");
        }

        if (words.IsBind && words.IsLoop)
        {
            throw OptionReader.Refused(Words, $"option {Words} has both bind and loop in it");
        }

        if ((words.IsBind || words.IsLoop) && !Path.IsPathRooted(device))
        {
            throw OptionReader.Refused(Device, $"option {Device} is '{device}', which is no absolute path");
        }
    }
}
