namespace PsContainers.Runtime.Launch;

/// <summary>
/// The options of a mount as the specification writes them, told apart: flags, propagation, and what the file system itself reads.
/// </summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-mount-options</remarks>
internal sealed record MountOptions(MountFlags Flags, MountFlags Propagation, IReadOnlyList<string> Own)
{
    /// <summary>The file system's own options as mount(2) takes them.</summary>
    internal string? Data => Own.Count == 0 ? null : string.Join(',', Own);

    internal bool IsBind => (Flags & MountFlags.Bind) != 0;

    internal bool IsRecursive => (Flags & MountFlags.Recursive) != 0;

    /// <summary>The flags that a bind mount can have, as mount_setattr(2) names them; their bits are the same up to NOEXEC.</summary>
    internal MountAttributes Attributes =>
        (MountAttributes)((ulong)Flags & 0xf) | ((Flags & MountFlags.NoSymFollow) != 0 ? MountAttributes.NoSymFollow : 0);

    internal static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var flags = MountFlags.None;
        var propagation = MountFlags.None;
        var data = new List<string>();
        foreach (var option in options ?? [])
        {
            if (TryFlag(option, out var set, out var clear))
            {
                flags = (flags & ~clear) | set;
            }
            else if (ParsePropagation(option) is { } found)
            {
                propagation = found;
            }
            else
            {
                data.Add(option);
            }
        }

        return new MountOptions(flags, propagation, data);
    }

    /// <summary>`rprivate` and its seven relatives; null for any other word.</summary>
    internal static MountFlags? ParsePropagation(string option) => option switch
    {
        "private" => MountFlags.Private,
        "rprivate" => MountFlags.Private | MountFlags.Recursive,
        "slave" => MountFlags.Slave,
        "rslave" => MountFlags.Slave | MountFlags.Recursive,
        "shared" => MountFlags.Shared,
        "rshared" => MountFlags.Shared | MountFlags.Recursive,
        "unbindable" => MountFlags.Unbindable,
        "runbindable" => MountFlags.Unbindable | MountFlags.Recursive,
        _ => null,
    };

    private static bool TryFlag(string option, out MountFlags set, out MountFlags clear)
    {
        (set, clear) = option switch
        {
            "defaults" => (MountFlags.None, MountFlags.None),
            "ro" => (MountFlags.ReadOnly, MountFlags.None),
            "rw" => (MountFlags.None, MountFlags.ReadOnly),
            "nosuid" => (MountFlags.NoSuid, MountFlags.None),
            "suid" => (MountFlags.None, MountFlags.NoSuid),
            "nodev" => (MountFlags.NoDev, MountFlags.None),
            "dev" => (MountFlags.None, MountFlags.NoDev),
            "noexec" => (MountFlags.NoExec, MountFlags.None),
            "exec" => (MountFlags.None, MountFlags.NoExec),
            "sync" => (MountFlags.Synchronous, MountFlags.None),
            "async" => (MountFlags.None, MountFlags.Synchronous),
            "dirsync" => (MountFlags.DirSync, MountFlags.None),
            "remount" => (MountFlags.Remount, MountFlags.None),
            "nosymfollow" => (MountFlags.NoSymFollow, MountFlags.None),
            "symfollow" => (MountFlags.None, MountFlags.NoSymFollow),
            "noatime" => (MountFlags.NoATime, MountFlags.None),
            "atime" => (MountFlags.None, MountFlags.NoATime),
            "nodiratime" => (MountFlags.NoDirATime, MountFlags.None),
            "diratime" => (MountFlags.None, MountFlags.NoDirATime),
            "relatime" => (MountFlags.RelATime, MountFlags.None),
            "norelatime" => (MountFlags.None, MountFlags.RelATime),
            "strictatime" => (MountFlags.StrictATime, MountFlags.None),
            "nostrictatime" => (MountFlags.None, MountFlags.StrictATime),
            "lazytime" => (MountFlags.LazyTime, MountFlags.None),
            "nolazytime" => (MountFlags.None, MountFlags.LazyTime),
            "silent" => (MountFlags.Silent, MountFlags.None),
            "loud" => (MountFlags.None, MountFlags.Silent),
            "bind" => (MountFlags.Bind, MountFlags.None),
            "rbind" => (MountFlags.Bind | MountFlags.Recursive, MountFlags.None),
            _ => (MountFlags.None, MountFlags.None),
        };
        return set != MountFlags.None || clear != MountFlags.None || option == "defaults";
    }
}
