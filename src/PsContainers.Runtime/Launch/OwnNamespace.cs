using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Whether a container has a namespace that is not the one this program runs in: only that may be changed for it.</summary>
internal static class OwnNamespace
{
    internal static bool Has(RuntimeSpec spec, LinuxNamespaceType type) =>
        spec.Linux?.Namespaces?.FirstOrDefault(n => n.Type == type) is { } found && !IsOurs(found);

    private static bool IsOurs(LinuxNamespace joined)
    {
        if (joined.Path is not { Length: > 0 } path)
        {
            return false;
        }

        var name = joined.Type == LinuxNamespaceType.Network ? "net" : joined.Type.ToString().ToLowerInvariant();
        return Identity($"/proc/self/ns/{name}") is { } own && own == Identity(path);
    }

    // The namespace's own file, behind the link of /proc.
    private static FileIdentity? Identity(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return FileIdentity.Of(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
