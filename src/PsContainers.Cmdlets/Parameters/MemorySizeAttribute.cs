using System.Globalization;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// Takes bytes, and <c>512m</c>, <c>512MB</c>, <c>1.5g</c>, <c>64MiB</c> as PowerShell and Docker mean them: powers of 1024.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MemorySizeAttribute : ArgumentTransformationAttribute
{
    private const string Units = "kmgt";

    /// <summary>−1 is taken, too: it means no limit.</summary>
    public bool TakesUnlimited { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is not string text ? value : TakesUnlimited && text.Trim() == "-1" ? -1L : Parse(text);
    }

    internal static long Parse(string text)
    {
        var trimmed = text.Trim();
        var number = trimmed.TrimEnd([.. "kmgtibKMGTIB"]);
        var unit = trimmed[number.Length..].ToLowerInvariant();
        var power = unit is "" or "b" ? 0 : Units.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        var isUnit = unit is "" or "b" || (power > 0 && unit[1..] is "" or "b" or "ib");
        if (!isUnit || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            throw new ArgumentTransformationMetadataException($"'{text}' is not a size such as 512MB, 1.5g or a number of bytes");
        }

        var bytes = amount;
        for (var i = 0; i < power && bytes <= long.MaxValue; i++)
        {
            bytes *= 1024;
        }

        return bytes <= long.MaxValue
            ? (long)bytes
            : throw new ArgumentTransformationMetadataException($"'{text}' is more than 64 bits can count");
    }
}
