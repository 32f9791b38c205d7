using System.Runtime;
using System.Runtime.InteropServices;
using PsContainers.Launcher.Detached;
using PsContainers.Launcher.Host;
using PsContainers.Launcher.Init;
using PsContainers.Launcher.Supervisor;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher;

/// <summary>The executable's C `main`: bare for everything that touches a container, the .NET runtime only for the command line.</summary>
internal static unsafe class EntryPoint
{
    private const int PathBytes = 4096;

    [RuntimeExport("main")]
    internal static int Start(int argumentCount, byte** arguments, byte** environment)
    {
        var command = argumentCount < 2 ? null : arguments[1];
        if (command == null)
        {
            return ManagedMain(argumentCount, arguments);
        }

        if (Kernel.Equal(command, "init"u8))
        {
            return InitProcess.Run(argumentCount, arguments, environment);
        }

        if (Kernel.Equal(command, "supervise"u8) || Kernel.Equal(command, "launch"u8))
        {
            return Launch(argumentCount, arguments, environment);
        }

        var code = BareOptions.TryParse(argumentCount, arguments, out var options) ? Operate(options) : DeleteProcess.NotSimple;
        return code == DeleteProcess.NotSimple ? ManagedMain(argumentCount, arguments) : code;
    }

    // The plan's descriptor stands on the command line where the caller's own descriptors come before it, and behind it the container's
    // directory, which nobody else removes if this half cannot so much as read the plan.
    private static int Launch(int argumentCount, byte** arguments, byte** environment)
    {
        var directory = argumentCount < 4 ? null : arguments[3];
        var result = BareStart.Protect(arguments, environment);
        if (result < 0)
        {
            ErrorReport.Say(Kernel.Literal("a read-only mount of the launcher"u8), -result);
            Records.RemoveDirectory(directory);
            return LaunchExit.NoPlan;
        }

        var plan = argumentCount < 3 ? 0 : (int)ProcessStatus.Number(Kernel.Span(arguments[2]));
        return Kernel.Equal(arguments[1], "launch"u8) ? DetachedProcess.Run(plan, directory) : SupervisorProcess.Run(plan, directory);
    }

    private static int Operate(BareOptions options)
    {
        var isStart = Kernel.Equal(options.Command, "start"u8);
        var isFinish = Kernel.Equal(options.Command, "finish-delete"u8);
        if ((!isStart && !isFinish && !Kernel.Equal(options.Command, "delete"u8)) || (isStart && options.IsForced))
        {
            return DeleteProcess.NotSimple;
        }

        var buffer = stackalloc byte[PathBytes];
        var path = new Text(buffer, PathBytes);
        if (!options.TryDirectory(ref path))
        {
            return DeleteProcess.NotSimple;
        }

        if (isStart)
        {
            return StartProcess.Run(path.Pointer, options);
        }

        // The managed half asks this way after it did its part: back to it would be back again, for ever.
        var result = DeleteProcess.Run(path.Pointer, options);
        return isFinish && result == DeleteProcess.NotSimple ? DeleteProcess.Refuse(path.Pointer, options) : result;
    }

    // The C library's entry of NativeAOT's own start-up code, which boots the runtime and calls Program.Main.
#pragma warning disable SYSLIB1054 // LibraryImport generates a stub that needs the runtime; this boots it.
    [DllImport("*", EntryPoint = "__managed__Main", ExactSpelling = true)]
    [SuppressGCTransition]
    private static extern int ManagedMain(int argumentCount, byte** arguments);
#pragma warning restore SYSLIB1054
}
