using System.Text;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>The GNU.sparse records: formats 0.0 (a record for each number), 0.1 (one list), 1.0 (the map is before the data).</summary>
/// <remarks>https://www.gnu.org/software/tar/manual/html_node/PAX-0.html</remarks>
internal sealed class PaxSparse
{
    internal const string Prefix = "GNU.sparse.";

    private readonly List<long> _numbers = [];

    private string? _major;

    internal string? Name { get; private set; }

    internal long? RealSize { get; private set; }

    /// <summary>Whether the map has to be read from the start of the entry's data.</summary>
    internal bool HasMapInData => _major == "1";

    internal void Set(string key, ReadOnlySpan<byte> value)
    {
        switch (key[Prefix.Length..])
        {
            case "name":
                Name = FileName.Decode(value);
                break;
            case "realsize" or "size":
                RealSize = PaxHeader.Integer(key, value);
                break;
            case "major":
                _major = Encoding.ASCII.GetString(value);
                break;
            case "offset" or "numbytes":
                _numbers.Add(PaxHeader.Integer(key, value) ?? throw new ImageFormatException($"the PAX record '{key}' is empty"));
                break;
            case "map":
                _numbers.Clear();
                foreach (var part in value.Split((byte)','))
                {
                    _numbers.Add(PaxHeader.Integer(key, value[part])
                        ?? throw new ImageFormatException($"the PAX record '{key}' is malformed"));
                }

                break;
            default:
                break;
        }
    }

    internal SparseMap Map(long storedSize) => SparseMap.Of(
        _numbers, RealSize ?? throw new ImageFormatException("a sparse file has no size"), storedSize);
}
