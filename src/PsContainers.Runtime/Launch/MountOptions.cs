namespace PsContainers.Runtime.Launch;

/// <summary>
/// The options of a mount as the specification writes them, told apart: flags, propagation, and what the file system itself reads.
/// </summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-mount-options</remarks>
internal sealed record MountOptions
{
    private const MountFlags AccessTimes = MountFlags.NoATime | MountFlags.RelATime | MountFlags.StrictATime;

    /// <summary>What mount(2) is told.</summary>
    internal MountFlags Flags { get; private set; }

    /// <summary>The same for a mount that exists already, as a bind mount's source does.</summary>
    internal AttributeChange Attributes { get; private set; }

    /// <summary>What every mount of a tree gets (`rro` …).</summary>
    internal AttributeChange Recursive { get; private set; }

    /// <summary>In their order: `slave`, then `shared` is more than either.</summary>
    internal IReadOnlyList<MountFlags> Propagation { get; private set; } = [];

    /// <summary>The file system's own.</summary>
    internal IReadOnlyList<string> Own { get; private set; } = [];

    /// <summary>`tmpcopyup`: the tmpfs begins as a copy of what it covers.</summary>
    internal bool CopiesUp { get; private set; }

    /// <summary>`idmap` or `ridmap` stands among the options.</summary>
    internal bool IsIdMapped { get; private set; }

    internal bool IsIdMappedRecursively { get; private set; }

    /// <summary>The file system's own options as mount(2) takes them.</summary>
    internal string? Data => Own.Count == 0 ? null : string.Join(',', Own);

    internal bool IsBind => Flags.HasFlag(MountFlags.Bind);

    internal bool IsRecursive => Flags.HasFlag(MountFlags.Recursive);

    internal bool IsRemount => Flags.HasFlag(MountFlags.Remount);

    internal static MountOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new MountOptions();
        foreach (var option in options ?? [])
        {
            parsed.Add(option);
        }

        return parsed;
    }

    private void Add(string option)
    {
        if (MountOptionTable.TryFlag(option, out var flag, out var clears))
        {
            Flags = Change(Flags, flag, clears);
            Attributes = Change(Attributes, flag, clears);
        }
        else if (MountOptionTable.TryRecursive(option, out flag, out clears))
        {
            Recursive = Change(Recursive, flag, clears);
        }
        else if (MountOptionTable.Propagation(option) is { } found)
        {
            Propagation = [.. Propagation, found];
        }
        else if (option == "tmpcopyup")
        {
            CopiesUp = true;
        }
        else if (option is "idmap" or "ridmap")
        {
            IsIdMapped = true;
            IsIdMappedRecursively = option == "ridmap";
        }
        else
        {
            Own = [.. Own, option];
        }
    }

    /// <summary>A mount just made has nothing below it, so that what goes for its whole tree goes for it.</summary>
    internal MountFlags FreshFlags
    {
        get
        {
            var recursive = Recursive;
            var flags = Flags & ~(MountFlags)(recursive.Clear & (MountAttributes)0xf);
            flags |= (MountFlags)(recursive.Set & (MountAttributes)0xf);
            flags = Has(recursive.Clear, MountAttributes.NoSymFollow) ? flags & ~MountFlags.NoSymFollow : flags;
            flags = Has(recursive.Clear, MountAttributes.NoDirATime) ? flags & ~MountFlags.NoDirATime : flags;
            flags |= Has(recursive.Set, MountAttributes.NoSymFollow) ? MountFlags.NoSymFollow : MountFlags.None;
            flags |= Has(recursive.Set, MountAttributes.NoDirATime) ? MountFlags.NoDirATime : MountFlags.None;
            return Has(recursive.Clear, MountAttributes.ATime) ? (flags & ~AccessTimes) | AccessTime(recursive.Set) : flags;
        }
    }

    private static bool Has(MountAttributes attributes, MountAttributes wanted) => (attributes & wanted) == wanted;

    private static MountFlags AccessTime(MountAttributes set) => (set & MountAttributes.ATime) switch
    {
        MountAttributes.NoATime => MountFlags.NoATime,
        MountAttributes.StrictATime => MountFlags.StrictATime,
        _ => MountFlags.RelATime,
    };

    private static MountFlags Change(MountFlags flags, MountFlags flag, bool clears) => (flag, clears) switch
    {
        (_, true) => flags & ~flag,
        _ when (flag & AccessTimes) != 0 => (flags & ~AccessTimes) | flag,
        _ => flags | flag,
    };

    private static AttributeChange Change(AttributeChange change, MountFlags flag, bool clears)
    {
        if ((flag & AccessTimes) != 0)
        {
            var value = flag switch
            {
                MountFlags.NoATime => MountAttributes.NoATime,
                MountFlags.StrictATime => MountAttributes.StrictATime,
                _ => MountAttributes.None,
            };
            return clears ? change.WithoutAccessTime(value) : change.WithAccessTime(value);
        }

        var attribute = flag switch
        {
            // The two headers agree on these four.
            MountFlags.ReadOnly or MountFlags.NoSuid or MountFlags.NoDev or MountFlags.NoExec => (MountAttributes)(ulong)flag,
            MountFlags.NoSymFollow => MountAttributes.NoSymFollow,
            MountFlags.NoDirATime => MountAttributes.NoDirATime,
            _ => MountAttributes.None,
        };
        return clears ? change.Without(attribute) : change.With(attribute);
    }
}
