using System.Globalization;

namespace PsContainers.Plugins.Contract;

/// <summary>A version of the driver contract. A minor one only adds to its major one.</summary>
internal readonly record struct ContractVersion(int Major, int Minor) : IComparable<ContractVersion>
{
    /// <summary>What this engine speaks.</summary>
    public static ContractVersion Engine { get; } = new(1, 1);

    /// <summary>The first one with volumes.</summary>
    public static ContractVersion Volumes { get; } = new(1, 1);

    public static ContractVersion? TryParse(ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        return dot > 0 && TryNumber(text[..dot], out var major) && TryNumber(text[(dot + 1)..], out var minor)
            ? new ContractVersion(major, minor)
            : null;
    }

    public int CompareTo(ContractVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => $"{Major}.{Minor}";

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length <= 4;
}
