namespace PsContainers.Host.Hosting;

/// <summary>What scripts find as <c>$Host.PrivateData</c>, under pwsh's names.</summary>
public sealed class ConsoleColors
{
    public ConsoleColor ErrorForegroundColor { get; set; } = ConsoleColor.Red;

    public ConsoleColor WarningForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor DebugForegroundColor { get; set; } = ConsoleColor.Yellow;

    public ConsoleColor VerboseForegroundColor { get; set; } = ConsoleColor.Yellow;
}
