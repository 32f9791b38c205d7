using PsContainers.Linux;

namespace PsContainers.VolumeMounts;

/// <summary>What a user writes behind mount's `-o`, told apart: what every mount has, and what the file system reads itself.</summary>
/// <remarks>mount(8), "Filesystem-independent mount options"</remarks>
internal sealed record MountWords
{
    private const HostMountFlags AccessTimes = HostMountFlags.NoATime | HostMountFlags.RelATime | HostMountFlags.StrictATime;

    private static readonly Dictionary<string, (HostMountFlags Flag, bool Clears)> _flags = new(StringComparer.Ordinal)
    {
        ["ro"] = (HostMountFlags.ReadOnly, false),
        ["rw"] = (HostMountFlags.ReadOnly, true),
        ["nosuid"] = (HostMountFlags.NoSuid, false),
        ["suid"] = (HostMountFlags.NoSuid, true),
        ["nodev"] = (HostMountFlags.NoDev, false),
        ["dev"] = (HostMountFlags.NoDev, true),
        ["noexec"] = (HostMountFlags.NoExec, false),
        ["exec"] = (HostMountFlags.NoExec, true),
        ["sync"] = (HostMountFlags.Synchronous, false),
        ["async"] = (HostMountFlags.Synchronous, true),
        ["dirsync"] = (HostMountFlags.DirSync, false),
        ["mand"] = (HostMountFlags.MandatoryLocks, false),
        ["nomand"] = (HostMountFlags.MandatoryLocks, true),
        ["nosymfollow"] = (HostMountFlags.NoSymFollow, false),
        ["symfollow"] = (HostMountFlags.NoSymFollow, true),
        ["noatime"] = (HostMountFlags.NoATime, false),
        ["atime"] = (HostMountFlags.NoATime, true),
        ["nodiratime"] = (HostMountFlags.NoDirATime, false),
        ["diratime"] = (HostMountFlags.NoDirATime, true),
        ["relatime"] = (HostMountFlags.RelATime, false),
        ["norelatime"] = (HostMountFlags.RelATime, true),
        ["strictatime"] = (HostMountFlags.StrictATime, false),
        ["nostrictatime"] = (HostMountFlags.StrictATime, true),
        ["iversion"] = (HostMountFlags.Version, false),
        ["noiversion"] = (HostMountFlags.Version, true),
        ["lazytime"] = (HostMountFlags.LazyTime, false),
        ["nolazytime"] = (HostMountFlags.LazyTime, true),
        ["silent"] = (HostMountFlags.Silent, false),
        ["loud"] = (HostMountFlags.Silent, true),
    };

    // They tell mount(8) and its caller what to do, never the kernel.
    private static readonly HashSet<string> _forOthers = new(StringComparer.Ordinal)
    {
        "defaults", "auto", "noauto", "nofail", "_netdev", "user", "nouser", "users", "owner", "group",
    };

    private static readonly HashSet<string> _refused = new(StringComparer.Ordinal)
    {
        "remount", "move", "private", "rprivate", "slave", "rslave", "shared", "rshared", "unbindable", "runbindable",
    };

    internal HostMountFlags Flags { get; private init; }

    internal bool IsBind { get; private init; }

    /// <summary>A bind mount with all that is mounted below its source.</summary>
    internal bool IsRecursive { get; private init; }

    /// <summary>The device is a file that holds a file system.</summary>
    internal bool IsLoop { get; private init; }

    /// <summary>The file system's own, in their order.</summary>
    internal IReadOnlyList<string> Own { get; private init; } = [];

    /// <param name="option">The name of the volume's option, for a refusal.</param>
    internal static MountWords Parse(string? text, string option)
    {
        var words = new MountWords();
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            words = words.With(word, option);
        }

        return words;
    }

    private MountWords With(string word, string option)
    {
        if (_refused.Contains(word))
        {
            throw OptionReader.Refused(
                option, $"option {option} has '{word}' in it: the driver mounts a volume anew, and for itself alone");
        }

        if (_flags.TryGetValue(word, out var found))
        {
            return this with { Flags = Change(Flags, found.Flag, found.Clears) };
        }

        return word switch
        {
            "bind" => this with { IsBind = true },
            "rbind" => this with { IsBind = true, IsRecursive = true },
            "loop" => this with { IsLoop = true },
            _ when _forOthers.Contains(word) => this,
            _ => this with { Own = [.. Own, word] },
        };
    }

    private static HostMountFlags Change(HostMountFlags flags, HostMountFlags flag, bool clears) =>
        clears ? flags & ~flag
        : (flag & AccessTimes) != 0 ? (flags & ~AccessTimes) | flag
        : flags | flag;
}
