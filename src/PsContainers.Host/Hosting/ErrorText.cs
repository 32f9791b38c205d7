using System.Management.Automation;

namespace PsContainers.Host.Hosting;

/// <summary>
/// An error as one line: <c>Get-Container: container 'web' does not exist</c>, with file and line when it is a script file's.
/// </summary>
internal static class ErrorText
{
    public static string Of(ErrorRecord error)
    {
        var message = error.ErrorDetails?.Message is { Length: > 0 } details ? details : error.Exception.Message;
        var text = OneLine(message);
        return $"{Position(error.InvocationInfo)}{Origin(error)}{text}";
    }

    public static string Of(Exception exception) => exception switch
    {
        ParseException { Errors: { Length: > 0 } errors } => string.Join('\n', errors.Select(Of)),
        IContainsErrorRecord { ErrorRecord: { } record } => Of(record),
        _ => OneLine(exception.Message),
    };

    private static string Of(System.Management.Automation.Language.ParseError error)
    {
        var place = error.Extent.File is { Length: > 0 } file ? $"{file}:{error.Extent.StartLineNumber}: " : "";
        return $"{place}ParserError: {OneLine(error.Message)}";
    }

    private static string Position(InvocationInfo? invocation) =>
        invocation is { ScriptName.Length: > 0 } ? $"{invocation.ScriptName}:{invocation.ScriptLineNumber}: " : "";

    private static string Origin(ErrorRecord error)
    {
        if (error.Exception is CommandNotFoundException { CommandName.Length: > 0 } unknown)
        {
            return $"{unknown.CommandName}: ";
        }

        if (error.InvocationInfo?.MyCommand is CmdletInfo or FunctionInfo)
        {
            return $"{error.InvocationInfo.MyCommand.Name}: ";
        }

        return error.CategoryInfo switch
        {
            { Activity.Length: > 0 } category => $"{category.Activity}: ",
            { Category: ErrorCategory.ParserError } => "ParserError: ",

            // What a script throws itself.
            { Category: ErrorCategory.OperationStopped, Reason: nameof(RuntimeException) } => "Exception: ",
            { Reason.Length: > 0 } category => $"{category.Reason}: ",
            _ => "",
        };
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
