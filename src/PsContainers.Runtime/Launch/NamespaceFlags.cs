using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The specification's namespaces as clone(2) flags.</summary>
internal static class NamespaceFlags
{
    internal static CloneFlags Of(IReadOnlyList<LinuxNamespace>? namespaces)
    {
        var flags = CloneFlags.None;
        var list = namespaces ?? [];
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Path is not null)
            {
                throw new InvalidSettingException(
                    $"linux.namespaces[{i}].path", "joining an existing namespace is not supported by this version");
            }

            var flag = Flag(list[i].Type, i);
            if (flags.HasFlag(flag))
            {
                throw new InvalidSettingException($"linux.namespaces[{i}]", $"'{list[i].Type}' stands in the list twice");
            }

            flags |= flag;
        }

        // Every step that follows mounts something: outside a mount namespace that would be the host.
        return flags.HasFlag(CloneFlags.Mount)
            ? flags
            : throw new InvalidSettingException("linux.namespaces", "a mount namespace is needed");
    }

    private static CloneFlags Flag(LinuxNamespaceType type, int index) => type switch
    {
        LinuxNamespaceType.Mount => CloneFlags.Mount,
        LinuxNamespaceType.Pid => CloneFlags.Pid,
        LinuxNamespaceType.Network => CloneFlags.Network,
        LinuxNamespaceType.Ipc => CloneFlags.Ipc,
        LinuxNamespaceType.Uts => CloneFlags.Uts,
        LinuxNamespaceType.Cgroup => CloneFlags.Cgroup,
        _ => throw new InvalidSettingException($"linux.namespaces[{index}]", $"'{type}' is not supported by this version"),
    };
}
