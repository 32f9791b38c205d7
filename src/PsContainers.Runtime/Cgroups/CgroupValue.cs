using System.Globalization;

namespace PsContainers.Runtime.Cgroups;

/// <summary>Numbers as control group files want them.</summary>
internal static class CgroupValue
{
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Version 2 spells a missing limit "max"; in config.json it is −1.</summary>
    public static string OrMax(long value) => value < 0 ? "max" : Of(value);
}
