using PsContainers.Linux.Bare;

namespace PsContainers.Linux;

/// <summary>How this process's terminal is set, to be set so again whatever a program that it was lent to did. termios(3)</summary>
public sealed class TerminalMode : IDisposable
{
    private readonly Kernel.TerminalSettings _settings;

    private TerminalMode(Kernel.TerminalSettings settings) => _settings = settings;

    /// <summary>Null when stdin is no terminal.</summary>
    public static TerminalMode? Keep() => Kernel.GetTerminalSettings(0, out var settings) < 0 ? null : new TerminalMode(settings);

    public void Dispose() => Kernel.SetTerminalSettings(0, _settings);
}
