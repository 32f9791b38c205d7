using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Init;

/// <summary>
/// `psc-runtime init -- COMMAND…`: a first process that does what a pid namespace expects of one: it reaps orphans and hands signals to
/// its command, whose end is its own. pid_namespaces(7)
/// </summary>
internal static unsafe class InitProcess
{
    private const int SIGTTIN = 21;
    private const int SIGTTOU = 22;
    private const int SizeOfSignalInformation = 128;
    private const int NoCommand = 127;
    private const int PathBytes = 4096;
    private const int WNOHANG = 1;

    // siginfo_t of a child as words: si_code, si_pid behind a word of padding, si_uid, si_status. rt_sigqueueinfo(2)
    private const int Code = 2;
    private const int Pid = 4;
    private const int Status = 6;

    internal static int Run(int argumentCount, byte** arguments, byte** environment)
    {
        var first = argumentCount > 2 && Kernel.Equal(arguments[2], "--"u8) ? 3 : 2;
        if (first >= argumentCount)
        {
            ErrorReport.Say(Kernel.Literal("init: there is no command"u8));
            return NoCommand;
        }

        Kernel.BlockSignals(ulong.MaxValue);
        var signals = Kernel.OpenSignals(ulong.MaxValue);
        var child = Kernel.Fork();
        if (child == 0)
        {
            Become(arguments + first, environment);
        }

        if (child < 0)
        {
            ErrorReport.Say(Kernel.Literal("init: clone"u8), -child);
            return NoCommand;
        }

        return Serve(child, signals);
    }

    private static int Serve(int child, int signals)
    {
        var information = stackalloc byte[SizeOfSignalInformation];
        while (true)
        {
            var entry = new Kernel.PollEntry { Descriptor = signals, Wanted = Kernel.POLLIN };
            Kernel.Poll(&entry, 1);
            if (Kernel.Read(signals, information, SizeOfSignalInformation) != SizeOfSignalInformation)
            {
                continue;
            }

            var signal = *(int*)information;
            if (signal is not (Kernel.SIGCHLD or SIGTTIN or SIGTTOU))
            {
                Kernel.Call(SyscallNumber.Kill, child, signal);
            }

            if (signal == Kernel.SIGCHLD && Reap(child, out var code))
            {
                return code;
            }
        }
    }

    private static bool Reap(int child, out int code)
    {
        code = 0;
        var isOver = false;
        var information = stackalloc int[32];
        while (true)
        {
            // With WNOHANG the kernel leaves si_pid at 0 when nobody has ended.
            information[Pid] = 0;
            var result = Kernel.Call(SyscallNumber.WaitId, 0, 0, (nint)information, Kernel.WEXITED | WNOHANG, 0); // P_ALL
            if (result < 0 || information[Pid] == 0)
            {
                return isOver;
            }

            if (information[Pid] == child)
            {
                isOver = true;
                code = information[Code] == 1 ? information[Status] : 128 + information[Status]; // CLD_EXITED
            }
        }
    }

    // In a group of its own and, where there is a terminal, in its foreground: Ctrl+C is then the command's alone.
    private static void Become(byte** command, byte** environment)
    {
        Kernel.Call(SyscallNumber.SetPGid, 0, 0);
        var group = (int)Kernel.Call(SyscallNumber.GetPid);
        Kernel.Call(SyscallNumber.Ioctl, 0, 0x5410, (nint)(&group)); // TIOCSPGRP; SIGTTOU is blocked still
        var buffer = stackalloc byte[PathBytes];
        var result = Kernel.RestoreSignals();
        result = result < 0 ? result : Container.CommandSearch.Find(buffer, PathBytes, command[0], environment);
        result = result < 0 ? result : Kernel.Execute(buffer, command, environment);
        ErrorReport.Say(command[0], -result);
        Kernel.Exit(result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR ? NoCommand : 126);
    }
}
