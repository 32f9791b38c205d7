namespace PsContainers.Launcher.CommandLine;

/// <summary>A command line that says nothing sensible; the message names the word.</summary>
internal sealed class CommandLineException(string message) : Exception(message);
