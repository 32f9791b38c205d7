using PsContainers.Launcher.Birth;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Host;

/// <summary>Takes the listener of a process's system call filter and sends it to the agent that will answer. seccomp_unotify(2)</summary>
/// <remarks>
/// https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#containerprocessstate. The process itself could not: once the
/// filter is loaded, whatever it would send with may be a call that waits for the agent.
/// </remarks>
internal static unsafe class SeccompListener
{
    private const int Tries = 50_000;
    private const int NanosecondsBetween = 100_000;
    private const int StateBytes = 64 * 1024;

    /// <param name="number">The descriptor that the listener will have in the process.</param>
    internal static int HandOver(ref NewProcess process, int number, ref Failure failure)
    {
        var listener = Take(process.PidFd, number);
        if (listener < 0)
        {
            return Failure.At(ref failure, FailurePoint.SeccompListener, listener);
        }

        var agent = ConsoleSocket.Connect(process.Plan.At(process.Plan.Header->SeccompAgent));
        if (agent < 0)
        {
            Kernel.Close(listener);
            return Failure.At(ref failure, FailurePoint.SeccompAgent, process.Plan.Header->SeccompAgent, agent);
        }

        var buffer = Kernel.MapAnonymous(StateBytes);
        var text = new Text(buffer, StateBytes);
        Describe(ref process, ref text);
        var result = text.IsCut ? -(int)Errno.E2BIG : Kernel.SendDescriptor(agent, listener, text.Pointer, text.Length);
        Kernel.Close(agent);
        Kernel.Close(listener);
        return result < 0 ? Failure.At(ref failure, FailurePoint.SeccompAgent, process.Plan.Header->SeccompAgent, result) : 0;
    }

    // Nobody tells when the filter is loaded: the process must not make a call then that the agent would have to answer.
    private static int Take(int pidFd, int number)
    {
        var wait = stackalloc long[2];
        wait[0] = 0;
        wait[1] = NanosecondsBetween;
        for (var i = 0; i < Tries; i++)
        {
            var result = (int)Kernel.Call(SyscallNumber.PidFdGetFd, pidFd, number, 0);
            if (result != -(int)Errno.EBADF)
            {
                return result;
            }

            Kernel.Call(SyscallNumber.NanoSleep, (nint)wait, 0);
        }

        return -(int)Errno.ETIMEDOUT;
    }

    private static void Describe(ref NewProcess process, ref Text text)
    {
        var header = process.Plan.Header;
        text.Add("{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":"u8);
        text.Add(process.Pid);
        if (header->SeccompMetadata != 0)
        {
            text.Add(",\"metadata\":"u8);
            text.Add(process.Plan.At(header->SeccompMetadata));
        }

        text.Add(",\"state\":"u8);
        text.Add(process.Plan.At(header->StateHead));
        text.Add(header->TargetPid == 0 ? "creating"u8 : "running"u8);
        text.Add("\",\"pid\":"u8);
        text.Add(header->TargetPid == 0 ? process.Pid : header->TargetPid);
        text.Add(process.Plan.At(header->StateTail));
        text.Add("}"u8);
    }
}
