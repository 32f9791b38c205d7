using System.Management.Automation;
using System.Management.Automation.Host;

namespace PsContainers.Host.Hosting;

/// <summary>The terminal's size, cursor and keys; fixed values where there is no terminal.</summary>
internal sealed class ConsoleRawInterface(ConsoleStreams streams) : PSHostRawUserInterface
{
    // What pwsh formats for when nothing tells it the width of a page.
    private static readonly Size _page = new(120, 50);

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => WindowSize;
        set => throw Unsupported(nameof(BufferSize));
    }

    public override Size WindowSize
    {
        get => streams.IsOutputTerminal && Console.WindowWidth > 0 ? new Size(Console.WindowWidth, Console.WindowHeight) : _page;
        set => throw Unsupported(nameof(WindowSize));
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition
    {
        get => streams is { IsOutputTerminal: true, IsInputTerminal: true }
            ? new Coordinates(Console.CursorLeft, Console.CursorTop)
            : default;
        set
        {
            if (streams.IsOutputTerminal)
            {
                Console.SetCursorPosition(value.X, value.Y);
            }
        }
    }

    public override int CursorSize { get; set; } = 100;

    public override bool KeyAvailable => streams.IsInputTerminal && Console.KeyAvailable;

    public override string WindowTitle
    {
        get => "";
        set
        {
            if (streams.IsOutputTerminal)
            {
                streams.Output.Write($"\e]0;{value}\a");
            }
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey(intercept: options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, StateOf(key.Modifiers), keyDown: !options.HasFlag(ReadKeyOptions.IncludeKeyUp));
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }
    }

    // Clear-Host sets the whole buffer to blanks; a terminal can do no more than that.
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (streams.IsOutputTerminal && fill.Character == ' ')
        {
            streams.Output.Write("\e[H\e[2J\e[3J");
        }
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported(nameof(SetBufferContents));

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported(nameof(GetBufferContents));

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw Unsupported(nameof(ScrollBufferContents));

    private static ControlKeyStates StateOf(ConsoleModifiers modifiers) =>
        (modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0)
        | (modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0)
        | (modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0);

    private static PSNotSupportedException Unsupported(string member) => new($"a Unix terminal cannot do {member}");
}
