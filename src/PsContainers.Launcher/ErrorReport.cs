using PsContainers.Launcher.Host;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher;

/// <summary>Tells a bare process's error: to stderr, and to the log that the caller of an OCI runtime asked for.</summary>
internal static unsafe class ErrorReport
{
    private const int LineBytes = 8192;

    internal static void Write(Plan plan, ref Text message)
    {
        Say(message.Pointer);
        var path = (byte*)plan.Header->ErrorLog;
        if (path != null)
        {
            Append(path, ((PlanFlags)plan.Header->Flags & PlanFlags.JsonErrors) != 0, ref message);
        }
    }

    internal static void Say(byte* message)
    {
        var buffer = stackalloc byte[LineBytes];
        var line = new Text(buffer, LineBytes - 1);
        line.Add("psc-runtime: "u8);
        line.Add(message);

        // One line, and no control sequence for a terminal, whatever name of the caller's or the image's is in it.
        for (var i = 0; i < line.Length; i++)
        {
            buffer[i] = buffer[i] is < 0x20 or 0x7f ? (byte)' ' : buffer[i];
        }

        buffer[line.Length] = (byte)'\n';
        Kernel.WriteAll(2, buffer, line.Length + 1);
    }

    internal static void Say(byte* subject, int errno)
    {
        var buffer = stackalloc byte[LineBytes];
        var text = new Text(buffer, LineBytes);
        text.Add(subject);
        text.Add(": "u8);
        Failure.AddErrno(errno, ref text);
        Say(text.Pointer);
    }

    /// <summary>One line: a JSON object as runc writes it, or plain text.</summary>
    internal static void Append(byte* path, bool asJson, ref Text message)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, path, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_APPEND | Kernel.O_NONBLOCK, 0x1a4);
        if (fd < 0)
        {
            return;
        }

        var buffer = stackalloc byte[LineBytes];
        var line = new Text(buffer, LineBytes - 4);
        line.Add(asJson ? "{\"level\":\"error\",\"time\":\""u8 : "time=\""u8);
        Timestamp.Add(Kernel.RealTime(), ref line);
        line.Add(asJson ? "\",\"msg\":\""u8 : "\" level=error msg=\""u8);
        AddEscaped(ref line, Kernel.Span(message.Pointer), LineBytes - 5 - line.Length);
        var end = asJson ? "\"}\n"u8 : "\"\n"u8;
        end.CopyTo(new Span<byte>(buffer + line.Length, end.Length));
        Kernel.WriteAll(fd, buffer, line.Length + end.Length);
        Kernel.Close(fd);
    }

    // What does not fit is cut where a character ends, so that the line can be parsed however long it would be.
    private static void AddEscaped(ref Text line, ReadOnlySpan<byte> text, int room)
    {
        var end = 0;
        while (end < text.Length && (room -= text[end] is (byte)'"' or (byte)'\\' ? 2 : 1) >= 0)
        {
            end++;
        }

        while (end < text.Length && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        for (var i = 0; i < end; i++)
        {
            if (text[i] is (byte)'"' or (byte)'\\')
            {
                line.Add("\\"u8);
            }

            line.Add(text[i] < 0x20 ? " "u8 : text.Slice(i, 1));
        }
    }
}
