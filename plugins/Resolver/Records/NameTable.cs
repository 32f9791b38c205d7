using System.Diagnostics.CodeAnalysis;
using System.Net;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Records;

/// <summary>The network's names: which addresses each has, and which name an address has.</summary>
internal sealed class NameTable
{
    private readonly Dictionary<byte[], NameEntry>.AlternateLookup<ReadOnlySpan<byte>> _entries;
    private readonly Dictionary<UInt128, List<byte[]>> _names = [];

    private NameTable() =>
        _entries = new Dictionary<byte[], NameEntry>(WireNameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    internal static NameTable Empty { get; } = new();

    internal bool IsEmpty => _entries.Dictionary.Count == 0;

    /// <summary>Reads lines of `ADDRESS NAME [NAME…]`, with `#` before a comment, as in hosts(5).</summary>
    /// <remarks>A line that says nothing is passed over: one bad name must not take all the others away.</remarks>
    internal static NameTable Parse(ReadOnlySpan<byte> text)
    {
        var table = new NameTable();
        foreach (var line in text.Split((byte)'\n'))
        {
            table.AddLine(new LineWords(text[line]));
        }

        return table;
    }

    /// <summary>Finds a name, in lower case as it stands in a message.</summary>
    internal bool TryFind(ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out NameEntry entry) => _entries.TryGetValue(name, out entry);

    /// <summary>The names of an address: the first one of each of its lines.</summary>
    internal List<byte[]>? NamesOf(UInt128 address) => _names.GetValueOrDefault(address);

    internal bool Knows(UInt128 address) => _names.ContainsKey(address);

    private void AddLine(LineWords words)
    {
        if (!words.TryNext(out var text) || !IPAddress.TryParse(text, out var parsed))
        {
            return;
        }

        var address = new InternetEndpoint(parsed, 0).Address;
        Span<byte> name = stackalloc byte[DomainName.MaximumLength];
        var isFirst = true;
        while (words.TryNext(out text))
        {
            if (!DomainName.TryEncode(text, name, out var length))
            {
                continue;
            }

            AddName(name[..length], address, isFirst);
            isFirst = false;
        }
    }

    private void AddName(ReadOnlySpan<byte> name, UInt128 address, bool isFirst)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            entry = new NameEntry();
            _entries[name] = entry;
        }

        entry.Add(address);
        if (isFirst)
        {
            if (!_names.TryGetValue(address, out var names))
            {
                _names[address] = names = [];
            }

            names.Add(name.ToArray());
        }
    }
}
