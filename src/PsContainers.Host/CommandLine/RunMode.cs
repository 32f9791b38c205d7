namespace PsContainers.Host.CommandLine;

/// <summary>What psc was asked to do.</summary>
internal enum RunMode
{
    Interactive,
    Command,
    File,
    StandardInput,
    Version,
    Help,
}
