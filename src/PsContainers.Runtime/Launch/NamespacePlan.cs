using System.Globalization;
using System.Text;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The specification's namespaces, told apart: those to make, those to join, and what a new one starts with.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#namespaces</remarks>
internal sealed record NamespacePlan
{
    // time_namespaces(7): the clocks that can have an offset.
    private static readonly string[] _clocks = ["monotonic", "boottime"];

    public required CloneFlags New { get; init; }

    /// <summary>In the order in which they can be joined: the user namespace last, since it takes away the right to join others.</summary>
    public required IReadOnlyList<JoinNamespace> Joined { get; init; }

    public string? UserMap { get; init; }

    public string? GroupMap { get; init; }

    /// <summary>Lines for /proc/PID/timens_offsets.</summary>
    public string TimeOffsets { get; init; } = "";

    public bool HasUser => New.HasFlag(CloneFlags.User) || Joined.Any(j => j.Flag == CloneFlags.User);

    /// <summary>
    /// The first process must be cloned by one that has joined something: a user namespace, which then owns what is new, or a pid
    /// namespace, which only children enter. Version 1 groups are joined before a user namespace makes their files another one's.
    /// </summary>
    public bool NeedsEntry => HasUser || Joined.Any(j => j.Flag == CloneFlags.Pid);

    /// <summary>Who user and group 0 of a new user namespace are on the host.</summary>
    public uint HostUser { get; init; }

    public uint HostGroup { get; init; }

    /// <exception cref="InvalidSettingException">The list contradicts itself or the mappings and offsets beside it.</exception>
    internal static NamespacePlan Of(LinuxSpec? linux)
    {
        var made = CloneFlags.None;
        var joined = new List<JoinNamespace>();
        foreach (var (index, entry) in (linux?.Namespaces ?? []).Index())
        {
            var flag = Flag(entry.Type);
            if (made.HasFlag(flag) || joined.Any(j => j.Flag == flag))
            {
                throw new InvalidSettingException($"linux.namespaces[{index}]", $"'{entry.Type}' stands in the list twice");
            }

            if (string.IsNullOrEmpty(entry.Path))
            {
                made |= flag;
            }
            else
            {
                joined.Add(new JoinNamespace(CheckPath(entry.Path, index), flag));
            }
        }

        // Every step that follows mounts something: outside a mount namespace of its own that would be the host, or another container.
        if (!made.HasFlag(CloneFlags.Mount))
        {
            throw new InvalidSettingException("linux.namespaces", "a new mount namespace is needed");
        }

        var plan = new NamespacePlan
        {
            New = made,
            Joined = [.. joined.OrderBy(j => j.Flag == CloneFlags.User)],
            TimeOffsets = Offsets(linux?.TimeOffsets, made),
        };
        return WithMaps(plan, linux);
    }

    private static NamespacePlan WithMaps(NamespacePlan plan, LinuxSpec? linux)
    {
        var users = linux?.UidMappings ?? [];
        var groups = linux?.GidMappings ?? [];
        if (!plan.New.HasFlag(CloneFlags.User))
        {
            return users.Count + groups.Count == 0 || plan.HasUser
                ? plan
                : throw new InvalidSettingException("linux.uidMappings", "there is no user namespace among linux.namespaces to map ids in");
        }

        if (users.Count == 0 || groups.Count == 0)
        {
            throw new InvalidSettingException(
                users.Count == 0 ? "linux.uidMappings" : "linux.gidMappings", "missing, and a new user namespace needs them");
        }

        return plan with
        {
            UserMap = IdMap.Text(users, "linux.uidMappings"),
            GroupMap = IdMap.Text(groups, "linux.gidMappings"),
            HostUser = HostId(users),
            HostGroup = HostId(groups),
        };
    }

    private static uint HostId(IReadOnlyList<LinuxIdMapping> mappings) =>
        mappings.FirstOrDefault(m => m.ContainerId == 0)?.HostId ?? mappings[0].HostId;

    private static string Offsets(IReadOnlyDictionary<string, LinuxTimeOffset>? offsets, CloneFlags made)
    {
        if (offsets is not { Count: > 0 })
        {
            return "";
        }

        if (!made.HasFlag(CloneFlags.Time))
        {
            throw new InvalidSettingException(
                "linux.timeOffsets", "there is no new time namespace among linux.namespaces to set clocks in");
        }

        var text = new StringBuilder();
        foreach (var (clock, offset) in offsets)
        {
            if (!_clocks.Contains(clock))
            {
                throw new InvalidSettingException("linux.timeOffsets", $"'{clock}' is neither monotonic nor boottime");
            }

            if (offset.Nanosecs >= 1_000_000_000)
            {
                throw new InvalidSettingException($"linux.timeOffsets.{clock}.nanosecs", $"{offset.Nanosecs} is a second or more");
            }

            text.Append(CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}\n");
        }

        return text.ToString();
    }

    private static string CheckPath(string path, int index) => path[0] == '/'
        ? path
        : throw new InvalidSettingException($"linux.namespaces[{index}].path", $"'{path}' is not an absolute path");

    private static CloneFlags Flag(LinuxNamespaceType type) => type switch
    {
        LinuxNamespaceType.Mount => CloneFlags.Mount,
        LinuxNamespaceType.Pid => CloneFlags.Pid,
        LinuxNamespaceType.Network => CloneFlags.Network,
        LinuxNamespaceType.Ipc => CloneFlags.Ipc,
        LinuxNamespaceType.Uts => CloneFlags.Uts,
        LinuxNamespaceType.Cgroup => CloneFlags.Cgroup,
        LinuxNamespaceType.User => CloneFlags.User,
        _ => CloneFlags.Time,
    };
}
