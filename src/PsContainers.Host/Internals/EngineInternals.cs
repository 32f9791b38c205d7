using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace PsContainers.Host.Internals;

/// <summary>What System.Management.Automation opens to pwsh and its own modules only; the package's version is pinned.</summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private const string Format = "Microsoft.PowerShell.Commands.Internal.Format.";
    private static readonly Assembly _engine = typeof(PSObject).Assembly;

    /// <summary>Gives a formatting cmdlet its body: <c>Table</c> or <c>List</c>.</summary>
    public static void Shape(FrontEndCommandBase command, string shape)
    {
        var shapes = _engine.GetType(Format + "FormatShape", throwOnError: true)!;
        SetBody(command, New(Format + "InnerFormatShapeCommand", Enum.Parse(shapes, shape)));
    }

    /// <summary>Lets an output cmdlet write its lines to a writer.</summary>
    public static void Output(FrontEndCommandBase command, TextWriter writer, int columns)
    {
        var body = New(Format + "OutputManagerInner");
        body.GetType().GetProperty("LineOutput", Hidden)!.SetValue(body, New(Format + "TextWriterLineOutput", writer, columns));
        SetBody(command, body);
    }

    /// <summary>Thrown by a cmdlet that has all it needs, it stops those before it in the pipeline.</summary>
    public static Exception StopUpstream(InternalCommand command) =>
        (Exception)New("System.Management.Automation.StopUpstreamCommandsException", command);

    /// <summary>Lets <c>exit</c> in a script file end the shell, as pwsh -File has it; otherwise it ends the file only.</summary>
    public static void LetExitLeaveScripts(Runspace runspace)
    {
        var context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)!.GetValue(runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)!.SetValue(context, true);
    }

    /// <summary>Has commands found under the name of a module too, as in <c>Microsoft.PowerShell.Utility\Sort-Object</c>.</summary>
    public static void Attribute(IEnumerable<SessionStateCommandEntry> commands, string moduleName)
    {
        var module = New("System.Management.Automation.PSModuleInfo", moduleName, "", null, null);
        var setModule = typeof(InitialSessionStateEntry).GetMethod("SetModule", Hidden)!;
        foreach (var command in commands)
        {
            setModule.Invoke(command, [module]);
        }
    }

    private static object New(string type, params object?[] arguments) =>
        Activator.CreateInstance(_engine.GetType(type, throwOnError: true)!, Hidden, binder: null, arguments, culture: null)!;

    private static void SetBody(FrontEndCommandBase command, object body) =>
        typeof(FrontEndCommandBase).GetField("implementation", Hidden)!.SetValue(command, body);
}
