using System.Runtime;
using System.Runtime.InteropServices;
using PsContainers.Launcher.Supervisor;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher;

/// <summary>The executable's C `main`: bare for everything that touches a container, the .NET runtime only for the command line.</summary>
internal static unsafe class EntryPoint
{
    [RuntimeExport("main")]
    internal static int Start(int argumentCount, byte** arguments, byte** environment)
    {
        if (argumentCount == 2 && Kernel.Equal(arguments[1], "supervise"u8))
        {
            return SupervisorProcess.Run();
        }

        return ManagedMain(argumentCount, arguments);
    }

    // The C library's entry of NativeAOT's own start-up code, which boots the runtime and calls Program.Main.
#pragma warning disable SYSLIB1054 // LibraryImport generates a stub that needs the runtime; this boots it.
    [DllImport("*", EntryPoint = "__managed__Main", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern int ManagedMain(int argumentCount, byte** arguments);
#pragma warning restore SYSLIB1054
}
