using PsContainers.Launcher.Birth;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>What the supervisor knows of its one container.</summary>
internal unsafe struct SupervisedContainer
{
    /// <summary>Control connections served at once; the next one waits in the listen queue.</summary>
    internal const int MaximumClients = 32;

    internal NewProcess Process;

    /// <summary>What the starter passed; −1 where it passed nothing.</summary>
    internal int Status;
    internal int OutputSink;
    internal int ErrorSink;

    /// <summary>Receives the terminal's master; −1 without a terminal, or when somebody else has it.</summary>
    internal int Console;

    /// <summary>The terminal's master; −1 without one.</summary>
    internal int Master;

    /// <summary>What is typed, on its way to the master.</summary>
    internal OutputStream Input;

    /// <summary>The caller's own terminal was put into raw mode, and was so before.</summary>
    internal bool IsRaw;
    internal Kernel.TerminalSettings Settings;

    /// <summary>signalfd of what is forwarded to the container.</summary>
    internal int Signals;
    internal int Listener;
    internal int Log;
    internal long LogSize;
    internal OutputStream Output;
    internal OutputStream Error;
    internal int ExitCode;
    internal int ExitSignal;
    internal bool HasExited;
    internal int ClientCount;
    internal fixed int Clients[MaximumClients];

    internal void CloseChildEnds()
    {
        Kernel.Close(Process.Input);
        Kernel.Close(Process.Output);
        Kernel.Close(Process.Error);
        Kernel.Close(Process.Console);
        Process.Input = Process.Output = Process.Error = Process.Console = -1;
    }

    /// <summary>
    /// Tells the starter, if it still listens, and every client: all of them wait for this. Nobody is served any more after it.
    /// </summary>
    internal void TellExit(bool oomKilled)
    {
        var oom = oomKilled ? 1 : 0;
        StatusReport.Send(Status, StatusKind.Exited, ExitCode, ExitSignal, oom);
        for (var i = 0; i < ClientCount; i++)
        {
            var message = new StatusMessage { Kind = StatusKind.Exited, Value = ExitCode, Detail = ExitSignal, OomKilled = oom };
            Kernel.Send(Clients[i], (byte*)&message, sizeof(StatusMessage));
            Kernel.Close(Clients[i]);
        }

        ClientCount = 0;
        Kernel.Close(Listener);
        Listener = -1;
    }
}
