using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PsContainers.Host.Hosting;

/// <summary>The three standard streams: UTF-8 without a byte order mark, whatever the locale says.</summary>
internal sealed class ConsoleStreams(Action onOutputBroken)
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public TextWriter Output { get; } = Writer(OpenOutput(onOutputBroken));

    public TextWriter Error { get; } = Writer(Console.OpenStandardError());

    public bool IsOutputTerminal { get; } = !Console.IsOutputRedirected;

    public bool IsErrorTerminal { get; } = !Console.IsErrorRedirected;

    public bool IsInputTerminal { get; } = !Console.IsInputRedirected;

    /// <summary>Opened when first needed: a script that reads its own input must find all of it.</summary>
    public TextReader Input => field ??= new StreamReader(Console.OpenStandardInput(), _utf8);

    private static Stream OpenOutput(Action onBroken)
    {
        if (!Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        // A file has a position that native commands share, which FileStream would not move.
        var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? Console.OpenStandardOutput() : new PipeStream(output, onBroken);
    }

    // Flushed line by line: native commands write to the same descriptor between our lines.
    private static StreamWriter Writer(Stream stream) => new(stream, _utf8, bufferSize: 4096) { AutoFlush = true };
}
