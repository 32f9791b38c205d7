using System.Text;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.CommandLine;

/// <summary>An error of the managed half, told as the bare half tells its own.</summary>
internal static unsafe class ErrorLog
{
    internal static void Write(GlobalOptions? global, string message)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(message + "\0"))
        {
            var length = Kernel.Length(bytes);
            var buffer = stackalloc byte[Math.Min(length, 4096) + 1];
            var text = new Text(buffer, Math.Min(length, 4096) + 1);
            text.Add(bytes);
            ErrorReport.Say(text.Pointer);
            if (global?.Log is { } log)
            {
                fixed (byte* path = Encoding.UTF8.GetBytes(log + "\0"))
                {
                    ErrorReport.Append(path, global.HasJsonLog, ref text);
                }
            }
        }
    }
}
