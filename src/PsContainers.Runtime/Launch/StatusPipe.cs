using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PsContainers.Linux;

namespace PsContainers.Runtime.Launch;

/// <summary>Reads what a launcher tells its starter.</summary>
internal static class StatusPipe
{
    /// <summary>A message of kind None when the launcher went without a word.</summary>
    internal static StatusMessage Read(PipeEnd pipe, out string text)
    {
        // A message is at most PIPE_BUF bytes, written at once; the head says how much text follows.
        Span<byte> head = stackalloc byte[Unsafe.SizeOf<StatusMessage>()];
        text = "";
        if (!TryFill(pipe, head))
        {
            return default;
        }

        var message = MemoryMarshal.Read<StatusMessage>(head);
        if (message.TextLength is > 0 and <= StatusMessage.MaximumText)
        {
            Span<byte> bytes = stackalloc byte[message.TextLength];
            if (!TryFill(pipe, bytes))
            {
                return default;
            }

            text = Encoding.UTF8.GetString(bytes);
        }

        return message;
    }

    /// <exception cref="LaunchFailedException">Anything but Started was read.</exception>
    internal static void ThrowUnlessStarted(StatusMessage message, string text, Func<string> lastWords)
    {
        if (message.Kind == StatusKind.Failed)
        {
            throw new LaunchFailedException(text, (StepKind)message.Detail, (Errno)message.Value);
        }

        if (message.Kind != StatusKind.Started)
        {
            throw new LaunchFailedException(lastWords(), StepKind.None, Errno.EPIPE);
        }
    }

    private static bool TryFill(PipeEnd pipe, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = pipe.Read(buffer);
            if (read == 0)
            {
                return false;
            }

            buffer = buffer[read..];
        }

        return true;
    }
}
