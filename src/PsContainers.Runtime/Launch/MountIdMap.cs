using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>How user and group ids of a mount's files appear inside: by maps, or by those of an existing user namespace.</summary>
/// <param name="Users">As /proc/PID/uid_map takes it: a line `inside outside count` per range. user_namespaces(7)</param>
/// <param name="NamespacePath">The namespace to take the maps of; null makes one of the two texts.</param>
public sealed record MountIdMap(string? Users, string? Groups, string? NamespacePath, bool Recursive)
{
    /// <summary>Null for a mount whose ids stay as they are.</summary>
    internal static MountIdMap? Of(Mount mount, MountOptions options, LinuxSpec? linux, string setting)
    {
        var (users, groups) = (mount.UidMappings ?? [], mount.GidMappings ?? []);
        if (users.Count == 0 && groups.Count == 0)
        {
            return options.IsIdMapped ? OfContainer(linux, options.IsIdMappedRecursively, setting) : null;
        }

        // One without the other would leave all ids of the other kind without a counterpart.
        if (users.Count == 0 || groups.Count == 0)
        {
            throw new InvalidSettingException(
                users.Count == 0 ? $"{setting}.uidMappings" : $"{setting}.gidMappings", "missing, while the other kind of ids is mapped");
        }

        return new MountIdMap(
            IdMap.Text(users, $"{setting}.uidMappings"), IdMap.Text(groups, $"{setting}.gidMappings"), null, options.IsIdMappedRecursively);
    }

    private static MountIdMap OfContainer(LinuxSpec? linux, bool recursive, string setting)
    {
        var user = linux?.Namespaces?.FirstOrDefault(n => n.Type == LinuxNamespaceType.User);
        if (user?.Path is { Length: > 0 } path)
        {
            return new MountIdMap(null, null, path, recursive);
        }

        return user is not null && linux?.UidMappings is { Count: > 0 } users && linux.GidMappings is { Count: > 0 } groups
            ? new MountIdMap(IdMap.Text(users, "linux.uidMappings"), IdMap.Text(groups, "linux.gidMappings"), null, recursive)
            : throw new InvalidSettingException(
                $"{setting}.options", "'idmap' needs uidMappings and gidMappings, or a user namespace of the container to take them from");
    }
}
