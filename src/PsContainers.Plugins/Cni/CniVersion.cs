using System.Globalization;

namespace PsContainers.Plugins.Cni;

/// <summary>A version of the CNI specification.</summary>
internal readonly record struct CniVersion(int Major, int Minor, int Patch) : IComparable<CniVersion>
{
    /// <summary>The first whose plugins form a chain: each gets the result of the one before.</summary>
    public static CniVersion Oldest { get; } = new(0, 3, 0);

    public static CniVersion Newest { get; } = new(1, 1, 0);

    public bool HasCheck => CompareTo(new(0, 4, 0)) >= 0;

    /// <summary>STATUS and GC.</summary>
    public bool HasStatus => CompareTo(new(1, 1, 0)) >= 0;

    public static CniVersion? TryParse(string? text)
    {
        var parts = text?.Split('.') ?? [];
        Span<int> numbers = stackalloc int[3];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (parts.Length != numbers.Length
                || parts[i].Length > 4
                || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return new(numbers[0], numbers[1], numbers[2]);
    }

    public int CompareTo(CniVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
