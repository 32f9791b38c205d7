using System.Text;
using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Lifetime;

/// <summary>Whoever started this process: is told how that went, in one line on standard output, and then left alone.</summary>
internal static unsafe class Starter
{
    private const int FirstOther = 3;

    /// <summary>
    /// Lets go of all that came from the starter but the standard streams: its session, its directory, and the descriptors that it forgot
    /// to close. A pipe among them would keep its reader waiting for as long as this lives.
    /// </summary>
    internal static void LeaveSession()
    {
        Kernel.CloseFrom(FirstOther, onExec: false);
        Kernel.SetSignal(Kernel.SIGPIPE, ignore: true);
        Kernel.NewSession(); // fails in a process that leads one already
    }

    /// <summary>The same for the standard streams and the working directory, when nothing can fail any more.</summary>
    internal static void LeaveStreams(ResolverDirectory directory)
    {
        var nothing = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/dev/null"u8), Kernel.O_RDWR);
        var log = directory.OpenLog(Log.Limit);
        Kernel.Duplicate(nothing, 0);
        Kernel.Duplicate(log < 0 ? nothing : log, 2);
        Kernel.Duplicate(nothing, 1);
        Kernel.Close(nothing);
        Kernel.Close(log);
        Kernel.ChangeDirectory(Kernel.Literal("/"u8));
    }

    internal static void Tell(string line)
    {
        // Errors of several lines are none of ours, but a line is what was promised.
        fixed (byte* bytes = Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n"))
        {
            Kernel.WriteAll(1, bytes, Kernel.Length(bytes));
        }
    }
}
