using System.Text;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>The files by which a container knows itself and finds others: <c>hosts</c>, <c>hostname</c>, <c>resolv.conf</c>.</summary>
/// <remarks>They live in the run directory and are bound writable, as Docker has them, so an image's own files stay as they are.</remarks>
internal static class NetworkFiles
{
    /// <summary>What <c>-AddHost</c> writes for the host's address, as the container sees it.</summary>
    public const string HostGateway = "host-gateway";

    private const string HostsName = "hosts";
    private const string HostnameName = "hostname";
    private const string ResolverName = "resolv.conf";

    private static readonly string[] _names = [HostsName, HostnameName, ResolverName];

    /// <param name="attachments">With what the drivers answered.</param>
    public static void Write(ContainerRow row, string runDirectory, IReadOnlyList<AttachmentRow> attachments)
    {
        var settings = row.Settings;
        var hostname = settings.HostnameOf(row.Id);
        Write(runDirectory, HostnameName, hostname + "\n");
        Write(runDirectory, HostsName, Hosts(row, hostname, attachments));
        Write(runDirectory, ResolverName, Resolver(settings, attachments));
        if (settings.FirstHostId is { } owner)
        {
            GiveTo(owner, runDirectory);
        }
    }

    /// <summary>Adds the lines of a network that a running container has joined; other lines may be the container's own.</summary>
    /// <param name="row">The container as it was.</param>
    /// <param name="others">The networks that it was on.</param>
    public static void Join(ContainerRow row, string runDirectory, IReadOnlyList<AttachmentRow> others, AttachmentRow joined)
    {
        var lines = Lines([joined], row.Settings.HostnameOf(row.Id), row.Name);

        // The container has the very file: a new one in its place it would not see.
        File.AppendAllText(Path.Combine(runDirectory, HostsName), lines);
        AttachmentRow[] now = [.. others.Append(joined).OrderBy(attachment => attachment.Position)];
        ChangeResolver(runDirectory, Resolver(On(row.Settings, others), others), Resolver(On(row.Settings, now), now));
    }

    /// <summary>Removes the lines of a network that a running container has left.</summary>
    /// <param name="others">The networks that it is still on.</param>
    public static void Leave(ContainerRow row, string runDirectory, IReadOnlyList<AttachmentRow> others, AttachmentRow left)
    {
        var path = Path.Combine(runDirectory, HostsName);
        var addresses = AddressesOf(left).ToHashSet();
        var kept = File.ReadLines(path).Where(line => !addresses.Contains(line.Split([' ', '\t'], 2)[0])).ToList();
        Write(runDirectory, HostsName, string.Concat(kept.Select(line => line + "\n")));
        AttachmentRow[] before = [.. others.Append(left).OrderBy(attachment => attachment.Position)];
        ChangeResolver(runDirectory, Resolver(On(row.Settings, before), before), Resolver(On(row.Settings, others), others));
    }

    /// <param name="network">The run directory of whoever has the network: the container's own, or of whom it shares it with.</param>
    public static IEnumerable<Mount> Mounts(string own, string network) => _names.Select(name => new Mount(
        $"/etc/{name}", "bind", Path.Combine(name == HostnameName ? own : network, name), ["bind", "rprivate"]));

    // The container's root is another user on the host. A map of ids on the mount would need Linux 6.3 where the folder is a tmpfs.
    private static void GiveTo(uint owner, string runDirectory)
    {
        using var directory = DirectoryDescriptor.Open(runDirectory);
        foreach (var name in _names)
        {
            directory.SetOwner(name, owner, owner);
        }
    }

    private static string Hosts(ContainerRow row, string hostname, IReadOnlyList<AttachmentRow> attachments)
    {
        var settings = row.Settings;
        var added = string.Concat((settings.AddHost ?? new Dictionary<string, string>()).Select(
            line => $"{(line.Value == HostGateway ? HostAddress(attachments) : line.Value)}\t{line.Key}\n"));
        return settings.Network switch
        {
            NetworkMode.Host => ReadHost("/etc/hosts") + added,
            NetworkMode.Path when OfNamespace(settings, HostsName) is { } own => own + added,
            NetworkMode.Networks => Localhost("localhost") + added + Lines(attachments, hostname, row.Name),
            _ => Localhost($"localhost {hostname}") + added,
        };
    }

    // A network may have a resolver for its names. What a container wrote into the file itself stays.
    private static void ChangeResolver(string runDirectory, string from, string to)
    {
        if (from != to && File.ReadAllText(Path.Combine(runDirectory, ResolverName)) == from)
        {
            Write(runDirectory, ResolverName, to);
        }
    }

    private static ContainerSettings On(ContainerSettings settings, IReadOnlyList<AttachmentRow> attachments) =>
        settings with { Network = attachments.Count > 0 ? NetworkMode.Networks : NetworkMode.None };

    private static string Localhost(string names) => $"127.0.0.1\t{names}\n::1\tlocalhost ip6-localhost ip6-loopback\n";

    private static string Lines(IEnumerable<AttachmentRow> attachments, string hostname, string name) => string.Concat(
        attachments.SelectMany(AddressesOf).Select(address => $"{address}\t{(hostname == name ? name : $"{hostname} {name}")}\n"));

    private static IEnumerable<string> AddressesOf(AttachmentRow attachment) =>
        (attachment.Record.Result?.Addresses ?? []).Select(address => address.Split('/')[0]);

    private static string HostAddress(IReadOnlyList<AttachmentRow> attachments) =>
        attachments.SelectMany(row => row.Record.Result?.Gateways ?? []).FirstOrDefault() ?? "127.0.0.1";

    private static string Resolver(ContainerSettings settings, IReadOnlyList<AttachmentRow> attachments)
    {
        // Nothing can be reached without a network: an empty list fails at once where the host's name servers would time out.
        if (settings.Network is NetworkMode.None && settings.Dns is null)
        {
            return "";
        }

        var isOwn = settings.Dns is not null || settings.DnsSearch is not null || settings.DnsOptions is not null;
        if (settings.Network is NetworkMode.Host or NetworkMode.Path && !isOwn)
        {
            return OfNamespace(settings, ResolverName) ?? ReadHost("/etc/resolv.conf");
        }

        var host = HostResolver.OfHostForOthers();
        List<string> named = [.. attachments.SelectMany(row => row.Record.Result?.NameServers ?? []).Distinct()];
        var servers = named.Count > 0 ? named : settings.Dns ?? host.NameServers;
        var search = settings.DnsSearch ?? [.. attachments.SelectMany(row => row.Record.Result?.SearchDomains ?? []), .. host.Search];
        var options = settings.DnsOptions ?? host.Options;
        if (named.Count > 0 && !options.Any(option => option.StartsWith("ndots:", StringComparison.Ordinal)))
        {
            // As Docker has it: the name of a container is asked for as it is, before a search domain sends it to a server far away.
            options = [.. options, "ndots:0"];
        }

        var text = new StringBuilder();
        text.AppendJoin("", servers.Select(server => $"nameserver {server}\n"));
        text.Append(search.Count > 0 && search is not ["."] ? $"search {string.Join(' ', search)}\n" : "");
        text.Append(options.Count > 0 ? $"options {string.Join(' ', options)}\n" : "");
        return text.ToString();
    }

    // ip-netns(8) keeps files for a named namespace there, and binds them over those of /etc.
    private static string? OfNamespace(ContainerSettings settings, string file) =>
        settings.NetworkSource is { } source && Path.Combine("/etc/netns", Path.GetFileName(source), file) is var path && File.Exists(path)
            ? File.ReadAllText(path)
            : null;

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
