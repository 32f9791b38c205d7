namespace PsContainers.Runtime.Launch;

/// <summary>The options of the specification by their names; any other belongs to the file system.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-mount-options</remarks>
internal static class MountOptionTable
{
    private static readonly Dictionary<string, (MountFlags Flag, bool Clears)> _flags = new(StringComparer.Ordinal)
    {
        ["defaults"] = (MountFlags.None, false),
        ["ro"] = (MountFlags.ReadOnly, false),
        ["rw"] = (MountFlags.ReadOnly, true),
        ["nosuid"] = (MountFlags.NoSuid, false),
        ["suid"] = (MountFlags.NoSuid, true),
        ["nodev"] = (MountFlags.NoDev, false),
        ["dev"] = (MountFlags.NoDev, true),
        ["noexec"] = (MountFlags.NoExec, false),
        ["exec"] = (MountFlags.NoExec, true),
        ["sync"] = (MountFlags.Synchronous, false),
        ["async"] = (MountFlags.Synchronous, true),
        ["dirsync"] = (MountFlags.DirSync, false),
        ["remount"] = (MountFlags.Remount, false),
        ["mand"] = (MountFlags.MandatoryLocks, false),
        ["nomand"] = (MountFlags.MandatoryLocks, true),
        ["nosymfollow"] = (MountFlags.NoSymFollow, false),
        ["symfollow"] = (MountFlags.NoSymFollow, true),
        ["noatime"] = (MountFlags.NoATime, false),
        ["atime"] = (MountFlags.NoATime, true),
        ["nodiratime"] = (MountFlags.NoDirATime, false),
        ["diratime"] = (MountFlags.NoDirATime, true),
        ["relatime"] = (MountFlags.RelATime, false),
        ["norelatime"] = (MountFlags.RelATime, true),
        ["strictatime"] = (MountFlags.StrictATime, false),
        ["nostrictatime"] = (MountFlags.StrictATime, true),
        ["iversion"] = (MountFlags.Version, false),
        ["noiversion"] = (MountFlags.Version, true),
        ["lazytime"] = (MountFlags.LazyTime, false),
        ["nolazytime"] = (MountFlags.LazyTime, true),
        ["silent"] = (MountFlags.Silent, false),
        ["loud"] = (MountFlags.Silent, true),
        ["bind"] = (MountFlags.Bind, false),
        ["rbind"] = (MountFlags.Bind | MountFlags.Recursive, false),
    };

    // `rro` and its relatives: the flag of the word without its `r`, on every mount of the tree.
    private static readonly HashSet<string> _recursive = new(StringComparer.Ordinal)
    {
        "rro", "rrw", "rnosuid", "rsuid", "rnodev", "rdev", "rnoexec", "rexec", "rnosymfollow", "rsymfollow", "rnoatime", "ratime",
        "rnodiratime", "rdiratime", "rrelatime", "rnorelatime", "rstrictatime", "rnostrictatime",
    };

    private static readonly Dictionary<string, MountFlags> _propagation = new(StringComparer.Ordinal)
    {
        ["private"] = MountFlags.Private,
        ["rprivate"] = MountFlags.Private | MountFlags.Recursive,
        ["slave"] = MountFlags.Slave,
        ["rslave"] = MountFlags.Slave | MountFlags.Recursive,
        ["shared"] = MountFlags.Shared,
        ["rshared"] = MountFlags.Shared | MountFlags.Recursive,
        ["unbindable"] = MountFlags.Unbindable,
        ["runbindable"] = MountFlags.Unbindable | MountFlags.Recursive,
    };

    /// <summary>Every option known by name, for `features`.</summary>
    internal static IReadOnlyList<string> Names =>
    [
        .. _flags.Keys.Concat(_recursive).Concat(_propagation.Keys).Concat(["idmap", "ridmap", "tmpcopyup"]).Order(StringComparer.Ordinal),
    ];

    internal static bool TryFlag(string option, out MountFlags flag, out bool clears)
    {
        var isKnown = _flags.TryGetValue(option, out var found);
        (flag, clears) = found;
        return isKnown;
    }

    internal static bool TryRecursive(string option, out MountFlags flag, out bool clears)
    {
        (flag, clears) = (MountFlags.None, false);
        return _recursive.Contains(option) && TryFlag(option[1..], out flag, out clears);
    }

    /// <summary>`rprivate` and its seven relatives; null for any other word.</summary>
    internal static MountFlags? Propagation(string option) => _propagation.TryGetValue(option, out var found) ? found : null;
}
