using System.Globalization;

namespace PsContainers.Cmdlets;

/// <summary>Numbers of bytes as people read them, in the units that PowerShell's own `1MB` means.</summary>
internal static class ByteText
{
    private static readonly string[] _units = ["B", "KB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var unit = 0;
        double value = bytes;
        for (; value >= 1024 && unit < _units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? value : Math.Round(value, 1))} {_units[unit]}");
    }

    public static string Of(long done, long total) => $"{Of(done)} of {Of(total)}";
}
