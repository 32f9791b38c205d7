using System.Text;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>The files by which a container knows itself and finds others: <c>hosts</c>, <c>hostname</c>, <c>resolv.conf</c>.</summary>
/// <remarks>They live in the run directory and are bound writable, as Docker has them, so an image's own files stay as they are.</remarks>
internal static class NetworkFiles
{
    private static readonly string[] _names = ["hosts", "hostname", "resolv.conf"];

    public static void Write(string runDirectory, ContainerSettings settings, string hostname)
    {
        var isHost = settings.Network == NetworkMode.Host;
        Write(runDirectory, "hostname", hostname + "\n");
        Write(runDirectory, "hosts", isHost ? ReadHost("/etc/hosts") : Hosts(hostname));

        // Nothing can be reached without a network: an empty list fails at once where the host's name servers would time out.
        Write(runDirectory, "resolv.conf", isHost ? ReadHost("/etc/resolv.conf") : "");
        if (settings.FirstHostId is { } owner)
        {
            GiveTo(owner, runDirectory);
        }
    }

    public static IEnumerable<Mount> Mounts(string runDirectory) => _names.Select(name =>
        new Mount($"/etc/{name}", "bind", Path.Combine(runDirectory, name), ["bind", "rprivate"]));

    // The container's root is another user on the host. A map of ids on the mount would need Linux 6.3 where the folder is a tmpfs.
    private static void GiveTo(uint owner, string runDirectory)
    {
        using var directory = DirectoryDescriptor.Open(runDirectory);
        foreach (var name in _names)
        {
            directory.SetOwner(name, owner, owner);
        }
    }

    private static string Hosts(string hostname) =>
        $"127.0.0.1\tlocalhost {hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n";

    private static string ReadHost(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    // Readable by every user of the container; the directory itself is root's alone.
    private static void Write(string runDirectory, string name, string text)
    {
        using var file = new FileStream(Path.Combine(runDirectory, name), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
