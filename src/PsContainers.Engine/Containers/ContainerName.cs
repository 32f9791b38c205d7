using System.Security.Cryptography;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Containers;

/// <summary>The rules of a container's name, and names for containers that were given none.</summary>
internal static class ContainerName
{
    private const int LongestName = 128;
    private const int IdLength = 64;

    private static readonly string[] _qualities =
    [
        "amber", "ample", "brave", "brisk", "calm", "candid", "clever", "coral", "cosmic", "crisp", "deft", "eager", "early", "fair",
        "fleet", "fond", "frank", "fresh", "gentle", "glad", "golden", "grand", "happy", "hardy", "honest", "humble", "ivory", "jolly",
        "keen", "kind", "light", "lively", "loyal", "lucid", "lucky", "mellow", "merry", "mild", "misty", "modest", "neat", "noble",
        "patient", "plain", "polite", "proud", "quick", "quiet", "ready", "robust", "rosy", "royal", "sharp", "silent", "silver", "simple",
        "snug", "solar", "solid", "spry", "steady", "sunny", "swift", "tidy", "vivid", "warm", "wise", "witty",
    ];

    private static readonly string[] _things =
    [
        "acorn", "anchor", "aspen", "badger", "beacon", "birch", "bison", "breeze", "bridge", "brook", "canyon", "cedar", "cliff", "clover",
        "comet", "condor", "cove", "crane", "creek", "delta", "dune", "falcon", "fern", "finch", "fjord", "forest", "fox", "glacier",
        "grove", "harbor", "hawk", "heron", "island", "juniper", "kestrel", "lagoon", "lake", "lantern", "larch", "lark", "lynx", "maple",
        "marten", "meadow", "meteor", "moose", "orchid", "osprey", "otter", "owl", "pebble", "pine", "plover", "prairie", "quail", "raven",
        "reef", "ridge", "river", "robin", "salmon", "seal", "sparrow", "spruce", "stork", "summit", "swan", "thicket", "tundra", "valley",
        "walrus", "willow", "wren",
    ];

    /// <summary>64 random hexadecimal digits.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);

    /// <summary>Two words; with a number as well once that was tried and taken.</summary>
    public static string Generate(int attempt)
    {
        var words = $"{RandomNumberGenerator.GetItems<string>(_qualities, 1)[0]}-{RandomNumberGenerator.GetItems<string>(_things, 1)[0]}";
        return attempt < 3 ? words : $"{words}-{RandomNumberGenerator.GetInt32(10, 100_000)}";
    }

    public static void Check(string name)
    {
        // A name that reads like a whole id would hide the container that has that id.
        if (name.Length is 0 or > LongestName
            || !char.IsAsciiLetterOrDigit(name[0])
            || !name.AsSpan().ContainsOnlyNameCharacters()
            || IsId(name))
        {
            throw EngineErrors.ContainerNameInvalid(name);
        }
    }

    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    private static bool ContainsOnlyNameCharacters(this ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
