using System.Net;
using System.Text;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Records;

namespace PsContainers.Resolver.Settings;

/// <summary>Who is on other networks as well, and what names those have: a client takes the first resolver's word for final.</summary>
internal sealed class OtherNetworks(int directory)
{
    private readonly FollowedFile _file = new(directory, "elsewhere");
    private readonly Dictionary<UInt128, List<Neighbor>> _of = [];
    private readonly Dictionary<string, Neighbor> _neighbors = new(StringComparer.Ordinal);

    /// <summary>Reads lines of `ADDRESS DIRECTORY…`: who asks from there is on the networks of these directories, too.</summary>
    internal void Refresh()
    {
        if (!_file.TryReadNew(out var content))
        {
            return;
        }

        _of.Clear();
        foreach (var line in content.AsSpan().Split((byte)'\n'))
        {
            var words = new LineWords(content.AsSpan(line));
            if (words.TryNext(out var word) && IPAddress.TryParse(word, out var address))
            {
                _of[new InternetEndpoint(address, 0).Address] = Read(ref words);
            }
        }
    }

    /// <summary>The names of the other networks that an address is on, as they are now.</summary>
    internal IEnumerable<NameTable> NamesFor(UInt128 source) =>
        _of.TryGetValue(source, out var neighbors) ? neighbors.Select(neighbor => neighbor.Names()) : [];

    private List<Neighbor> Read(ref LineWords words)
    {
        var found = new List<Neighbor>();
        while (words.TryNext(out var word))
        {
            // A name beside our directory, and nothing else.
            var name = Encoding.UTF8.GetString(word);
            if (name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
            {
                continue;
            }

            if (!_neighbors.TryGetValue(name, out var neighbor))
            {
                _neighbors.Add(name, neighbor = new Neighbor(new FollowedFile(directory, $"../{name}/names")));
            }

            found.Add(neighbor);
        }

        return found;
    }

    private sealed class Neighbor(FollowedFile file)
    {
        private NameTable _names = NameTable.Empty;

        public NameTable Names()
        {
            if (file.TryReadNew(out var content))
            {
                _names = NameTable.Parse(content);
            }

            return _names;
        }
    }
}
