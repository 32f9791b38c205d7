using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>Chooses the command of the OCI runtime command line and is the one place that turns an error into a message.</summary>
internal static class RuntimeCommand
{
    private const int FailureCode = 1;

    internal static int Run(string[] arguments)
    {
        GlobalOptions? global = null;
        try
        {
            global = GlobalOptions.Parse(arguments);
            return Dispatch(global);
        }
        catch (Exception e) when (e is InvalidSettingException or LinuxException or IOException or UnauthorizedAccessException
            or JsonException or CommandLineException)
        {
            ErrorLog.Write(global, e.Message);
            return FailureCode;
        }
    }

    private static int Dispatch(GlobalOptions global)
    {
        switch (global.Command)
        {
            case "create":
                return CreateCommand.Create(global);
            case "run":
                return CreateCommand.Run(global);
            case "exec":
                return ExecCommand.Run(global);
            case "start":
                return StartCommand.Run(global);
            case "state":
                return StateCommand.Run(global);
            case "kill":
                return KillCommand.Run(global);
            case "delete":
                return DeleteCommand.Run(global);
            case "list":
                return ListCommand.Run(global);
            case "ps":
                return PsCommand.Run(global);
            case "pause":
                return PauseCommand.Pause(global);
            case "resume":
                return PauseCommand.Resume(global);
            case "update":
                return UpdateCommand.Run(global);
            case "events":
                return EventsCommand.Run(global);
            case "spec":
                return SpecCommand.Run(global);
            case ScopeCommand.StartWord:
                return ScopeCommand.Start(global);
            case ScopeCommand.StopWord:
                return ScopeCommand.Stop(global);
            case "features":
                return FeaturesCommand.Run(global);
            case "--version":
                Console.WriteLine($"psc-runtime version {typeof(RuntimeCommand).Assembly.GetName().Version?.ToString(3)}");
                Console.WriteLine($"spec: {Oci.Runtime.RuntimeSpec.Version}");
                return 0;
            case "help":
                Console.Write(Usage.Text);
                return 0;
            case null:
                Console.Error.Write(Usage.Text);
                return FailureCode;
            default:
                throw new CommandLineException($"unknown command '{global.Command}'");
        }
    }
}
