using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>Chooses the command of the OCI runtime command line and is the one place that turns an error into a message.</summary>
internal static class RuntimeCommand
{
    private const int FailureCode = 1;

    private const string Usage = """
        psc-runtime runs containers for PsContainers and, as an OCI runtime, from a bundle.

          psc-runtime run [--root DIR] [--bundle DIR] ID   run a bundle's container in the foreground
          psc-runtime --version                            print the version

          --root DIR     where state is kept (default /run/psc-runtime)
          --bundle DIR   folder with config.json (default the current one)

        """;

    internal static int Run(string[] arguments)
    {
        try
        {
            return Dispatch(arguments);
        }
        catch (Exception e) when (e is InvalidSettingException or LinuxException or IOException or UnauthorizedAccessException
            or JsonException or CommandLineException)
        {
            Console.Error.WriteLine($"psc-runtime: {e.Message}");
            return FailureCode;
        }
    }

    private static int Dispatch(string[] arguments)
    {
        var options = CommandLineOptions.Parse(arguments);
        switch (options.Command)
        {
            case "run":
                return RunCommand.Run(options);
            case "--version":
                Console.WriteLine($"psc-runtime {typeof(RuntimeCommand).Assembly.GetName().Version?.ToString(3)}");
                return 0;
            case "--help" or "help":
                Console.Write(Usage);
                return 0;
            default:
                Console.Error.Write(Usage);
                return FailureCode;
        }
    }
}
