namespace PsContainers.Engine.Containers;

/// <summary>The signal by which an image wants its containers stopped.</summary>
internal static class StopSignal
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>The number; SIGTERM when there is no name, or one that nobody knows: an odd image can be stopped all the same.</summary>
    public static int Parse(string? text) => (text is null ? null : SignalName.Find(text)) ?? Terminate;
}
