using System.Globalization;
using System.Text;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Lifetime;

/// <summary>What went wrong, on standard error, which is a file by then: so many bytes of it in a process's life.</summary>
internal static unsafe class Log
{
    internal const int Limit = 64 * 1024;
    private static int _written;

    internal static void Write(string text)
    {
        var time = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var line = Encoding.UTF8.GetBytes($"{time} {text}\n");
        if (_written + line.Length > Limit)
        {
            return;
        }

        _written += line.Length;
        fixed (byte* bytes = line)
        {
            Kernel.WriteAll(2, bytes, line.Length);
        }
    }
}
