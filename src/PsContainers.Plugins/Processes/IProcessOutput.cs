namespace PsContainers.Plugins.Processes;

/// <summary>Takes what a process writes to its standard output, always on the same thread.</summary>
internal interface IProcessOutput
{
    /// <returns>What the process did wrong, and is ended for; null when it may go on.</returns>
    string? Take(ReadOnlySpan<byte> bytes);

    /// <summary>There will be no more.</summary>
    void End();
}
