using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>What a parameter was given, without PowerShell's wrapping.</summary>
internal static class Unwrapped
{
    public static object? Of(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>One after the other; a single one is a list of itself.</summary>
    public static IEnumerable<object?> Items(object? value) => Of(value) switch
    {
        null => [],
        string text => [text],
        IDictionary table => [table],
        IEnumerable items => items.Cast<object?>().Select(Of),
        var single => [single],
    };

    /// <summary>The members of a hashtable by name, in any case; what is none of <paramref name="known"/> is refused.</summary>
    public static Dictionary<string, object?> Members(IDictionary table, params string[] known)
    {
        var members = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            var name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            members[name] = known.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? Of(entry.Value)
                : throw new ArgumentTransformationMetadataException($"'{name}' is none of {string.Join(", ", known)}");
        }

        return members;
    }

    /// <summary>Several texts; a single one may stand alone.</summary>
    public static string[] Texts(object? value) => [.. Items(value).Select(item => LanguagePrimitives.ConvertTo<string>(item))];
}
