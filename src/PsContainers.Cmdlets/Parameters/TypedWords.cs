using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// The words of a list as they were typed: PowerShell makes the numbers 1 and 700 of <c>sleep,1d</c> and <c>mkdir,-m,0700</c>.
/// </summary>
/// <remarks>Single words and the arguments of native commands keep their text; only lists for cmdlets lose it.</remarks>
internal static class TypedWords
{
    /// <summary>The values of a parameter, each literal number among them with its own spelling.</summary>
    public static string[] Restore(string[] values, string parameter, InvocationInfo invocation)
    {
        if (!Array.Exists(values, IsNumber) || ListOf(parameter, invocation) is not { } list || list.Elements.Count != values.Length)
        {
            return values;
        }

        return [.. list.Elements.Zip(values, TextOf)];
    }

    private static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static ArrayLiteralAst? ListOf(string parameter, InvocationInfo invocation)
    {
        // Newer than the reference assembly: InvocationInfo.Statement is this one command with its arguments, on however many lines.
        var statement = PSObject.AsPSObject(invocation).Properties["Statement"]?.Value as string ?? "";
        var script = Parser.ParseInput(statement, out _, out _);
        return script.Find(ast => ast is CommandAst, searchNestedScriptBlocks: false) is CommandAst command
            && StaticParameterBinder.BindCommand(command, resolve: true).BoundParameters.TryGetValue(parameter, out var bound)
            ? bound.Value as ArrayLiteralAst
            : null;
    }

    private static string TextOf(ExpressionAst typed, string value) =>
        typed is ConstantExpressionAst { Value: not string } number ? number.Extent.Text : value;
}
