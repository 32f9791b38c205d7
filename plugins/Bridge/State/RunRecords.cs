using PsContainers.Bridge.Firewall;

namespace PsContainers.Bridge.State;

/// <summary>
/// What this driver has, or may have, in the kernel: a folder for each network that has a bridge, and in it a file for each attachment
/// with its elements of the firewall's table. All that there is to know of one is written before the kernel is asked, and removed after.
/// </summary>
/// <remarks>Gone with a reboot, as is all that it tells of. Changed under the driver's lock only.</remarks>
internal sealed class RunRecords(string runDirectory)
{
    private const string NetworkFile = "network";
    private const string Pending = "pending";
    private readonly string _networks = Path.Combine(runDirectory, "networks");

    /// <summary>Whether no network has a bridge.</summary>
    internal bool IsEmpty => Networks().Count == 0;

    internal bool HasNetwork(string networkId) => File.Exists(PathOf(networkId, NetworkFile));

    internal bool HasAttachment(string networkId, string containerId) => File.Exists(PathOf(networkId, containerId));

    internal IReadOnlyList<string> Networks() => NamesIn(_networks, isFolder: true);

    /// <summary>The ids of the network's containers.</summary>
    internal IReadOnlyList<string> Attachments(string networkId) =>
        [.. NamesIn(Path.Combine(_networks, networkId), isFolder: false).Where(IsId)];

    /// <param name="isPending">The kernel may have other elements of it than these, until it is written again without.</param>
    internal void WriteNetwork(string networkId, IEnumerable<FirewallElement> elements, bool isPending = false) =>
        Write(networkId, NetworkFile, elements, isPending);

    /// <param name="isPending">As of a network.</param>
    internal void WriteAttachment(string networkId, string containerId, IEnumerable<FirewallElement> elements, bool isPending = false) =>
        Write(networkId, containerId, elements, isPending);

    internal bool IsPending(string networkId, string containerId = NetworkFile) =>
        File.Exists(PathOf(networkId, containerId)) && File.ReadLines(PathOf(networkId, containerId)).FirstOrDefault() == Pending;

    internal IReadOnlyList<FirewallElement> ReadNetwork(string networkId) => Read(networkId, NetworkFile);

    /// <summary>Empty when there is none.</summary>
    internal IReadOnlyList<FirewallElement> ReadAttachment(string networkId, string containerId) => Read(networkId, containerId);

    internal void RemoveAttachment(string networkId, string containerId)
    {
        if (HasAttachment(networkId, containerId))
        {
            File.Delete(PathOf(networkId, containerId));
        }
    }

    internal void RemoveNetwork(string networkId)
    {
        var folder = Path.Combine(_networks, networkId);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The elements of all networks and all attachments, with the id that each belongs to.</summary>
    internal IEnumerable<(string Owner, FirewallElement Element, bool IsPending)> Elements() =>
        from network in Networks()
        from file in NamesIn(Path.Combine(_networks, network), isFolder: false).Where(file => file == NetworkFile || IsId(file))
        let isPending = IsPending(network, file)
        from element in Read(network, file)
        select (file == NetworkFile ? network : file, element, isPending);

    private void Write(string networkId, string name, IEnumerable<FirewallElement> elements, bool isPending = false)
    {
        var path = PathOf(networkId, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllLines(path + ".new", [.. isPending ? [Pending] : Array.Empty<string>(), .. elements.Select(element => $"{element}")]);
        File.Move(path + ".new", path, overwrite: true);
    }

    private List<FirewallElement> Read(string networkId, string name)
    {
        var path = PathOf(networkId, name);
        return File.Exists(path) ? [.. File.ReadLines(path).Select(FirewallElement.TryParse).OfType<FirewallElement>()] : [];
    }

    private string PathOf(string networkId, string name) => Path.Combine(_networks, networkId, name);

    private static List<string> NamesIn(string folder, bool isFolder) => !Directory.Exists(folder) ? [] :
    [
        .. (isFolder ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFiles(folder))
            .Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsId(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);
}
