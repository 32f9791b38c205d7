using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>
/// `linux.rootfsPropagation`, and what follows from it: how the copy of the host's tree behaves while the container's is built from it.
/// </summary>
/// <remarks>mount_namespaces(7)</remarks>
internal sealed record RootPropagation
{
    private const MountFlags PrivateTree = MountFlags.Private | MountFlags.Recursive;
    private const MountFlags SlaveTree = MountFlags.Slave | MountFlags.Recursive;

    private readonly MountFlags _asked;
    private readonly bool _needsHostMounts;

    private RootPropagation(MountFlags asked, bool needsHostMounts)
    {
        _asked = asked;
        _needsHostMounts = needsHostMounts;
    }

    /// <summary>The copy of the host's tree stays in the peer groups of the original: only `shared` asks for that.</summary>
    internal bool IsHostShared => _asked.HasFlag(MountFlags.Shared);

    internal static RootPropagation Of(RuntimeSpec spec)
    {
        var word = spec.Linux?.RootfsPropagation ?? "";
        var asked = word.Length == 0
            ? MountFlags.None
            : MountOptionTable.Propagation(word)
                ?? throw new InvalidSettingException("linux.rootfsPropagation", $"'{word}' is no propagation");

        // A bind mount that is to follow the host, or to share, must still be connected to it when it is cloned.
        var needsHost = (spec.Mounts ?? []).Any(mount => MountOptions.Parse(mount.Options).Propagation.Any(
            p => p.HasFlag(MountFlags.Slave) || p.HasFlag(MountFlags.Shared)));
        return new RootPropagation(asked, needsHost || asked.HasFlag(MountFlags.Slave));
    }

    /// <summary>Nothing mounted from here on may reach the host, whatever the host's tree shares.</summary>
    internal LaunchStep[] Before(LaunchOptions options) => (IsHostShared, _needsHostMounts) switch
    {
        (true, _) => [new IsolateMountOf(options.RootPath)],
        (_, true) => [new SetPropagation(SlaveTree)],
        _ => [new SetPropagation(PrivateTree)],
    };

    /// <summary>A root bound from the host still belongs to the host's groups, where the copy of the tree does.</summary>
    internal LaunchStep[] OfRoot(LaunchOptions options) =>
        options.Root is null && (IsHostShared || (_needsHostMounts && !_asked.HasFlag(MountFlags.Slave)))
            ? [new SetTargetPropagation("/", PrivateTree)]
            : [];

    /// <summary>How a bind mount with these options is cut off from the host before it is attached.</summary>
    /// <remarks>
    /// Only the word `shared` on mount and root together lets a mount made inside be seen outside. The clone is always told, even where
    /// the whole tree was: it may be made by a process that is in the host's mount namespace.
    /// </remarks>
    internal MountFlags Containment(MountOptions options) => options switch
    {
        _ when IsHostShared && options.Propagation.Any(p => p.HasFlag(MountFlags.Shared)) => MountFlags.None,
        _ when options.Propagation.Count == 0 && _asked.HasFlag(MountFlags.Slave) => MountFlags.Slave,
        _ when options.Propagation.Any(p => p.HasFlag(MountFlags.Slave) || p.HasFlag(MountFlags.Shared)) => MountFlags.Slave,
        _ => MountFlags.Private,
    };

    internal LaunchStep[] After() => _asked == MountFlags.None || _asked.HasFlag(MountFlags.Private) || _asked.HasFlag(MountFlags.Slave)
        ? []
        : [new SetPropagation(_asked)];
}
