using System.Management.Automation.Language;

namespace PsContainers.Host.Hosting;

/// <summary>
/// Standard input as lines for a script that asks for <c>$input</c>; for any other it is left to the commands that the script starts.
/// </summary>
internal static class PipedInput
{
    public static IEnumerable<string>? For(Ast script, ConsoleStreams streams)
    {
        var isAsked = !streams.IsInputTerminal
            && script.Find(
                ast => ast is VariableExpressionAst { VariablePath.UserPath: var name } && IsInput(name),
                searchNestedScriptBlocks: true) is not null;
        return isAsked ? Lines(streams.Input) : null;
    }

    private static bool IsInput(string name) => name.Equals("input", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
