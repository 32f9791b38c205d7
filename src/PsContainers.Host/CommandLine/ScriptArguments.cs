using System.Management.Automation.Runspaces;

namespace PsContainers.Host.CommandLine;

/// <summary>Words after a script's name: <c>-Name</c> is a parameter, <c>-Name:value</c> one with its value.</summary>
internal static class ScriptArguments
{
    public static IEnumerable<CommandParameter> Parse(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var colon = argument.IndexOf(':', StringComparison.Ordinal);
            if (!IsParameter(argument))
            {
                yield return new CommandParameter(null, argument);
            }
            else if (colon < 0)
            {
                // With its dash and without a value: the binder then knows whether it is a switch or takes the next word.
                yield return new CommandParameter(argument);
            }
            else if (colon < argument.Length - 1)
            {
                yield return new CommandParameter(argument[..colon], ValueOf(argument[(colon + 1)..]));
            }
            else if (i + 1 < arguments.Count)
            {
                yield return new CommandParameter(argument[..colon], arguments[++i]);
            }
        }
    }

    private static bool IsParameter(string argument) => argument.Length > 1 && argument[0] == '-' && !char.IsDigit(argument[1]);

    // A switch can be turned off from outside, where there is no $false.
    private static object ValueOf(string text) => text.ToLowerInvariant() switch
    {
        "$true" or "true" => true,
        "$false" or "false" => false,
        _ => text,
    };
}
