namespace PsContainers.Launcher;

/// <summary>The managed half: the OCI runtime command line, reached when `main` was not asked for bare work.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => CommandLine.RuntimeCommand.Run(arguments);
}
