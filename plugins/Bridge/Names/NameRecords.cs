using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Names;

/// <summary>
/// What the resolver of a network reads: a folder of small files, each replaced whole. It ends by itself when there are no names.
/// docs/resolver.md
/// </summary>
internal sealed class NameRecords(DriverEnvironment environment)
{
    private const string NamesFile = "names";

    // Ours alone: lines of `ADDRESS CONTAINER`.
    private const string MembersFile = "members";
    private const string ElsewhereFile = "elsewhere";

    private string Root => Path.Combine(environment.RunDirectory, "names");

    internal string DirectoryOf(string networkId) => Path.Combine(Root, networkId);

    internal void Add(Attachment attachment, CancellationToken cancellation)
    {
        var directory = DirectoryOf(attachment.Network.Id);
        using var changing = FileLock.Take(Path.Combine(directory, "names.lock"), cancellation);
        WriteSettings(directory, attachment);
        WriteIfOther(Path.Combine(directory, NamesFile), [.. Without(directory, NamesFile, attachment), .. LinesOf(attachment)]);
        WriteIfOther(
            Path.Combine(directory, MembersFile), [.. Without(directory, MembersFile, attachment), .. MembersOf(attachment)]);
        Relate();
        ResolverProcess.Ensure(environment.PluginDirectory, directory, cancellation);
    }

    /// <summary>Removes the names of an attachment; the folder, too, when <paramref name="isLast"/>.</summary>
    internal void Remove(Attachment attachment, bool isLast, CancellationToken cancellation)
    {
        var directory = DirectoryOf(attachment.Network.Id);
        if (!Directory.Exists(directory))
        {
            return;
        }

        using (FileLock.Take(Path.Combine(directory, "names.lock"), cancellation))
        {
            WriteIfOther(Path.Combine(directory, NamesFile), isLast ? [] : Without(directory, NamesFile, attachment));
            WriteIfOther(Path.Combine(directory, MembersFile), isLast ? [] : Without(directory, MembersFile, attachment));
            Relate();
        }

        // Without the lock, which the resolver takes before it ends.
        if (isLast)
        {
            RemoveFolder(attachment.Network, cancellation);
        }
    }

    /// <summary>What the resolver does not know, or knows and should not; a line for each.</summary>
    internal IReadOnlyList<string> Check(NetworkDefinition network, IReadOnlyList<Attachment> attachments)
    {
        var directory = DirectoryOf(network.Id);
        var wanted = attachments.SelectMany(LinesOf).ToHashSet();
        var present = Lines(Path.Combine(directory, NamesFile)).ToHashSet();
        return
        [
            .. wanted.Except(present).Select(line => $"network {network.Name}: name {line} is missing"),
            .. present.Except(wanted).Select(line => $"network {network.Name}: name {line} belongs to no attachment"),
            .. wanted.Count > 0 && !ResolverProcess.IsRunning(directory)
                ? [$"network {network.Name}: no resolver runs"]
                : Array.Empty<string>(),
        ];
    }

    /// <summary>Makes the names those of these attachments, and sees to it that a resolver runs.</summary>
    internal void Replace(NetworkDefinition network, IReadOnlyList<Attachment> attachments, CancellationToken cancellation)
    {
        var directory = DirectoryOf(network.Id);
        var lines = attachments.SelectMany(LinesOf).ToList();
        if (lines.Count == 0 && !Directory.Exists(directory))
        {
            return;
        }

        using (FileLock.Take(Path.Combine(directory, "names.lock"), cancellation))
        {
            if (lines.Count > 0)
            {
                WriteSettings(directory, attachments[^1]);
            }

            WriteIfOther(Path.Combine(directory, NamesFile), lines);
            WriteIfOther(Path.Combine(directory, MembersFile), [.. attachments.SelectMany(MembersOf)]);
            Relate();
            if (lines.Count > 0)
            {
                ResolverProcess.Ensure(environment.PluginDirectory, directory, cancellation);
            }
        }

        if (attachments.Count == 0)
        {
            RemoveFolder(network, cancellation);
        }
    }

    private static void WriteSettings(string directory, Attachment attachment)
    {
        var network = attachment.Network;
        WriteIfOther(Path.Combine(directory, "listen"), attachment.Gateways);
        WriteIfOther(Path.Combine(directory, "allow"), [.. network.Subnets.Select(subnet => subnet.Subnet)]);
        WriteIfOther(Path.Combine(directory, "forward"), network.IsInternal ? [] : attachment.Request.NameServers);
    }

    private void RemoveFolder(NetworkDefinition network, CancellationToken cancellation)
    {
        ResolverProcess.WaitForEnd(DirectoryOf(network.Id), cancellation);
        Directory.Delete(DirectoryOf(network.Id), recursive: true);
    }

    private static IEnumerable<string> LinesOf(Attachment attachment) => attachment.Request.Names.Count == 0
        ? []
        : attachment.Addresses.Select(address => $"{address} {string.Join(' ', attachment.Request.Names)}");

    private static IEnumerable<string> MembersOf(Attachment attachment) =>
        attachment.Addresses.Select(address => $"{address} {attachment.Request.ContainerId}");

    // Tells each resolver which other networks its clients are on. The driver's lock keeps all of these files still.
    private void Relate()
    {
        var members = Directory.GetDirectories(Root).Select(directory => (
            Directory: directory,
            Members: Lines(Path.Combine(directory, MembersFile)).Select(line => line.Split(' ')).ToList())).ToList();
        var networksOf = members
            .SelectMany(network => network.Members.Select(member => (Container: member[1], Network: Path.GetFileName(network.Directory))))
            .Distinct()
            .ToLookup(pair => pair.Container, pair => pair.Network);
        foreach (var (directory, own) in members)
        {
            WriteIfOther(Path.Combine(directory, ElsewhereFile),
            [
                .. own.Select(member => (Address: member[0], Others: networksOf[member[1]].Where(IsOther).ToList()))
                    .Where(member => member.Others.Count > 0)
                    .Select(member => $"{member.Address} {string.Join(' ', member.Others)}"),
            ]);

            bool IsOther(string network) => network != Path.GetFileName(directory);
        }
    }

    private static List<string> Without(string directory, string file, Attachment attachment)
    {
        var own = attachment.Addresses.Select(address => $"{address} ").ToList();
        return
        [
            .. Lines(Path.Combine(directory, file))
                .Where(line => !own.Exists(address => line.StartsWith(address, StringComparison.Ordinal))),
        ];
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static void WriteIfOther(string path, IReadOnlyList<string> lines)
    {
        if (File.Exists(path) ? File.ReadAllLines(path).SequenceEqual(lines) : lines.Count == 0)
        {
            return;
        }

        File.WriteAllLines(path + ".new", lines);
        File.Move(path + ".new", path, overwrite: true);
    }
}
