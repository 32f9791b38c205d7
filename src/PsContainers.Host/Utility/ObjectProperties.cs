using System.Collections;
using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace PsContainers.Host.Utility;

/// <summary>Properties as cmdlets take them: a name, a pattern, a script block, or <c>@{ Name = …; Expression = … }</c>.</summary>
internal static class ObjectProperties
{
    /// <summary>A new object that has the chosen properties only.</summary>
    public static PSObject Pick(PSObject item, IEnumerable<object> properties)
    {
        var result = new PSObject();
        foreach (var property in properties)
        {
            var (name, expression) = Read(property);
            var resolved = expression.ResolveNames(item);
            if (name is not null || expression.Script is not null || resolved.Count == 0)
            {
                Add(result, name ?? expression.ToString(), FirstValue(expression, item));
                continue;
            }

            foreach (var one in resolved)
            {
                Add(result, one.ToString(), FirstValue(one, item));
            }
        }

        return result;
    }

    /// <summary>What a property of an object holds; nothing when it has no such property.</summary>
    public static IEnumerable<object?> ValuesOf(PSObject item, object property) =>
        Read(property).Expression.GetValues(item).Where(value => value.Exception is null).Select(value => value.Result);

    private static object? FirstValue(PSPropertyExpression expression, PSObject item) =>
        expression.GetValues(item).Select(value => value.Result).FirstOrDefault();

    private static void Add(PSObject result, string name, object? value)
    {
        if (result.Properties[name] is null)
        {
            result.Properties.Add(new PSNoteProperty(name, value));
        }
    }

    private static (string? Name, PSPropertyExpression Expression) Read(object property)
    {
        var value = property is PSObject wrapped ? wrapped.BaseObject : property;
        return value switch
        {
            ScriptBlock script => (null, new PSPropertyExpression(script)),
            IDictionary calculated => (NameOf(calculated), Read(EntryOf(calculated, "Expression") ?? "").Expression),
            _ => (null, new PSPropertyExpression(LanguagePrimitives.ConvertTo<string>(value))),
        };
    }

    private static string? NameOf(IDictionary calculated) =>
        (EntryOf(calculated, "Name") ?? EntryOf(calculated, "Label")) is { } name ? LanguagePrimitives.ConvertTo<string>(name) : null;

    // Keys may be abbreviated: @{ n = …; e = … }.
    private static object? EntryOf(IDictionary calculated, string name) => calculated.Keys.Cast<object>()
        .Where(key => key is string text && text.Length > 0 && name.StartsWith(text, StringComparison.OrdinalIgnoreCase))
        .Select(key => calculated[key])
        .FirstOrDefault();
}
