using PsContainers.Launcher.Container;
using PsContainers.Launcher.Host;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Birth;

/// <summary>Clones the container's process and serves it until its command runs, or until it does without a launcher.</summary>
internal static unsafe class ProcessBirth
{
    private const int MapBytes = 64;

    /// <summary>0 when the command runs or the process waits for `start`; else the failure, and nothing of the process is left.</summary>
    internal static int Start(ref NewProcess process, ref Failure failure)
    {
        var result = Clone(ref process, ref failure);
        if (result >= 0)
        {
            result = Converse(ref process, ref failure);
        }

        Kernel.Close(process.Channel);
        process.Channel = -1;
        if (result < 0 && process.Pid > 0)
        {
            Kernel.SignalProcess(process.PidFd, Kernel.SIGKILL);
            Kernel.Wait(Kernel.P_PIDFD, process.PidFd, out _);
            process.Pid = 0;
        }

        return result;
    }

    /// <summary>Answers the process until the channel closes (0), it needs nobody any more (0), or something failed.</summary>
    internal static int Converse(ref NewProcess process, ref Failure failure)
    {
        while (true)
        {
            var result = Channel.Receive(process.Channel, out var message);
            if (result <= 0)
            {
                return result < 0 ? Failure.At(ref failure, FailurePoint.Channel, result) : EndOfChannel(ref process, ref failure);
            }

            switch (message.Kind)
            {
                case LaunchMessageKind.Failed:
                    failure = message.Failure;
                    return failure.Errno == 0 ? -(int)Errno.EIO : -failure.Errno;
                case LaunchMessageKind.Born:
                    result = Adopt(ref process, message.Value, ref failure);
                    break;
                case LaunchMessageKind.Ask:
                    result = HostSteps.PerformAsked(ref process, (uint)message.Value, ref failure);
                    break;
                case LaunchMessageKind.Filter:
                    result = SeccompListener.HandOver(ref process, message.Value, ref failure);
                    break;
                case LaunchMessageKind.Ready:
                    result = Records.WriteBirth(process.Plan, process.Pid, ref failure);
                    break;
                case LaunchMessageKind.Released:
                    if (((PlanFlags)process.Plan.Header->Flags & PlanFlags.AwaitStart) != 0)
                    {
                        return 0;
                    }

                    continue;
                default:
                    return Failure.At(ref failure, FailurePoint.Channel, -(int)Errno.EPROTO);
            }

            if (result < 0)
            {
                return result;
            }

            result = Channel.Send(process.Channel, LaunchMessageKind.Go);
            if (result < 0)
            {
                return Failure.At(ref failure, FailurePoint.Channel, result);
            }
        }
    }

    // execve closed it, or the process died without a word, by a signal or for want of memory.
    private static int EndOfChannel(ref NewProcess process, ref Failure failure) =>
        ((PlanFlags)process.Plan.Header->Flags & PlanFlags.AwaitStart) == 0
            ? 0
            : Failure.At(ref failure, FailurePoint.ProcessDied, -(int)Errno.ESRCH);

    private static int Clone(ref NewProcess process, ref Failure failure)
    {
        var header = process.Plan.Header;
        var result = OpenTarget(ref process, ref failure);
        if (result < 0)
        {
            return result;
        }

        result = Kernel.SocketPair(out process.Channel, out var childEnd);
        if (result < 0)
        {
            return Failure.At(ref failure, FailurePoint.Channel, result);
        }

        var cgroup = -1;
        if (header->UnifiedCgroup != 0)
        {
            cgroup = Kernel.Open(Kernel.AtFdCwd, process.Plan.At(header->UnifiedCgroup), Kernel.O_PATH | Kernel.O_DIRECTORY);
            if (cgroup < 0)
            {
                return Failure.At(ref failure, FailurePoint.UnifiedCgroup, header->UnifiedCgroup, cgroup);
            }
        }

        var flags = header->EntryStepCount > 0 ? 0 : header->CloneFlags;
        process.Pid = Kernel.Clone(flags | Kernel.CLONE_PIDFD, cgroup, out process.PidFd);
        if (process.Pid == 0)
        {
            // The launcher's end must be the only one: its loss is how this process learns that the launcher died.
            Kernel.Close(process.Channel);
            ContainerProcess.Run(ref process, childEnd);
        }

        Kernel.Close(childEnd);
        Kernel.Close(cgroup);
        Kernel.Close(process.Target);
        if (process.Pid < 0)
        {
            return Failure.At(ref failure, FailurePoint.Clone, process.Pid);
        }

        if (header->EntryStepCount > 0 || (header->CloneFlags & Kernel.CLONE_NEWUSER) == 0)
        {
            return 0;
        }

        result = WriteMaps(ref process, ref failure);
        return result < 0 ? result : Channel.Send(process.Channel, LaunchMessageKind.Go);
    }

    // The pid namespace is the one that a process cannot change for itself, only for children. pid_namespaces(7)
    private static int OpenTarget(ref NewProcess process, ref Failure failure)
    {
        var header = process.Plan.Header;
        if (header->TargetPid == 0)
        {
            return 0;
        }

        process.Target = Kernel.OpenProcess(header->TargetPid);
        if (process.Target < 0 || ProcessStatus.StartTime(header->TargetPid) != header->TargetStartTime)
        {
            return Failure.At(ref failure, FailurePoint.Target, -(int)Errno.ESRCH);
        }

        var flags = header->TargetNamespaces & Kernel.CLONE_NEWPID;
        var result = flags == 0 ? 0 : Kernel.JoinNamespace(process.Target, flags);
        return result < 0 ? Failure.At(ref failure, FailurePoint.Target, result) : 0;
    }

    // The process between is a child too and has ended; what it made became this process's child by CLONE_PARENT.
    private static int Adopt(ref NewProcess process, int pid, ref Failure failure)
    {
        Kernel.Wait(Kernel.P_PIDFD, process.PidFd, out _);
        Kernel.Close(process.PidFd);
        process.Pid = pid;
        process.PidFd = Kernel.OpenProcess(pid);
        return process.PidFd < 0 ? Failure.At(ref failure, FailurePoint.Clone, process.PidFd) : WriteMaps(ref process, ref failure);
    }

    private static int WriteMaps(ref NewProcess process, ref Failure failure)
    {
        var header = process.Plan.Header;
        var result = WriteMap(process.Pid, "/uid_map"u8, process.Plan.At(header->UserMap));
        if (result < 0)
        {
            return Failure.At(ref failure, FailurePoint.UserMap, result);
        }

        result = WriteMap(process.Pid, "/gid_map"u8, process.Plan.At(header->GroupMap));
        return result < 0 ? Failure.At(ref failure, FailurePoint.GroupMap, result) : 0;
    }

    // The kernel takes a map as one write, once.
    private static int WriteMap(int pid, ReadOnlySpan<byte> file, byte* map)
    {
        if (map == null)
        {
            return 0;
        }

        var buffer = stackalloc byte[MapBytes];
        var path = new Text(buffer, MapBytes);
        path.Add("/proc/"u8);
        path.Add(pid);
        path.Add(file);
        var fd = Kernel.Open(Kernel.AtFdCwd, path.Pointer, Kernel.O_WRONLY);
        if (fd < 0)
        {
            return fd;
        }

        var written = Kernel.Write(fd, map, Kernel.Length(map));
        Kernel.Close(fd);
        return written < 0 ? (int)written : 0;
    }
}
