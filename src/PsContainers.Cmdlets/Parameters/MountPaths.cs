using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>Sources of binds as PowerShell means paths: from the session's location, with its drives and <c>~</c>.</summary>
internal static class MountPaths
{
    public static IReadOnlyList<ContainerMount>? Merge(PSCmdlet cmdlet, params ReadOnlySpan<ContainerMount[]?> given)
    {
        List<ContainerMount>? all = null;
        foreach (var mounts in given)
        {
            all = mounts is null ? all : [.. all ?? [], .. mounts.Select(mount => WithWholePath(cmdlet, mount))];
        }

        return all;
    }

    private static ContainerMount WithWholePath(PSCmdlet cmdlet, ContainerMount mount) =>
        mount is { Type: ContainerMountType.Bind, Source: { Length: > 0 } source }
            ? mount with { Source = cmdlet.GetUnresolvedProviderPathFromPSPath(source) }
            : mount;
}
