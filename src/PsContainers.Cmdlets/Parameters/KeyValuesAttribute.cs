using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>Takes a hashtable, or strings <c>KEY=value</c>; the last one wins where a key comes twice.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyValuesAttribute : ArgumentTransformationAttribute
{
    /// <summary>A key may stand alone; its value is then empty.</summary>
    public bool ValueIsOptional { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Unwrap(inputData);
        if (value is IDictionary given)
        {
            return OfDictionary(given);
        }

        var result = new Dictionary<string, string>();
        foreach (var item in value is string || value is not IEnumerable items ? new[] { value } : items)
        {
            var text = Unwrap(item) as string ?? throw Refused(item);
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0 || (equals < 0 && !ValueIsOptional) || text.Length == 0)
            {
                throw Refused(text);
            }

            result[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
        }

        return result;
    }

    private static Dictionary<string, string> OfDictionary(IDictionary given)
    {
        var result = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in given)
        {
            result[TextOf(entry.Key)] = TextOf(entry.Value);
        }

        return result;
    }

    // PowerShell's own conversion: independent of the culture, and an array becomes its items with blanks between.
    private static string TextOf(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? "";

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static ArgumentTransformationMetadataException Refused(object? item) =>
        new($"'{item}' is not KEY=value; give strings of that form, in quotes where a comma is in one, or a hashtable");
}
