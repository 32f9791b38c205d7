using PsContainers.Launcher.Birth;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Host;

/// <summary>
/// The steps around a container: cgroups made and limited before it starts and removed in reverse after it ended; hooks; what the
/// container's process asks for.
/// </summary>
internal static unsafe class HostSteps
{
    private const int RemovePatience = 2000; // ms, for all groups together
    private const int OpenToAll = 0x12; // 022
    private const int ForOwner = 0x3f; // 077, as BareStart has it
    private const uint Optional = 1;
    private const uint OnlyWhenCreated = 2;
    private const uint Shared = 1;
    private const uint MayExist = 2;
    private const uint OnUndo = 1;

    /// <summary>The supervisor's steps, unless the process is to ask for them.</summary>
    internal static int PerformBeforeBirth(ref NewProcess process, ref Failure failure) =>
        ((PlanFlags)process.Plan.Header->Flags & PlanFlags.StepsAfterBirth) != 0 ? 0 : PerformOwn(ref process, ref failure);

    /// <summary>What a process asks for by the offset of its <see cref="StepKind.AskHost"/> step.</summary>
    internal static int PerformAsked(ref NewProcess process, uint offset, ref Failure failure)
    {
        var request = process.Plan.Steps(offset);
        return request->Value == 0
            ? PerformOwn(ref process, ref failure)
            : PerformAll(process.Plan, request->A, (uint)request->Value, process.Pid, ref failure);
    }

    /// <summary>Steps that are not undone; the first that fails ends it.</summary>
    internal static int PerformAll(Plan plan, uint offset, uint count, int pid, ref Failure failure)
    {
        var steps = plan.Steps(offset);
        var isNew = false;
        for (uint i = 0; i < count; i++)
        {
            var result = Perform(plan, steps + i, pid, ref isNew, ref failure);
            if (result < 0)
            {
                return result;
            }
        }

        return 0;
    }

    private static int PerformOwn(ref NewProcess process, ref Failure failure)
    {
        var plan = process.Plan;
        var steps = plan.Steps(plan.Header->SupervisorSteps);
        var isNew = false;
        for (; process.StepsDone < plan.Header->SupervisorStepCount; process.StepsDone++)
        {
            var result = Perform(plan, steps + process.StepsDone, process.Pid, ref isNew, ref failure);
            if (result < 0)
            {
                return result;
            }
        }

        return 0;
    }

    private static int Perform(Plan plan, PlanStep* step, int pid, ref bool isNew, ref Failure failure)
    {
        if (step->Kind is StepKind.RunHook or StepKind.RunSelf)
        {
            return step->Kind == StepKind.RunSelf && (step->Flags & OnUndo) != 0 ? 0 : HookStep.Run(plan, step, pid, ref failure);
        }

        var result = step->Kind switch
        {
            StepKind.MakeCgroup => MakeCgroup(plan, step, ref isNew),
            StepKind.WriteFile => (step->Flags & OnlyWhenCreated) != 0 && !isNew ? 0 : WriteFile(plan, step),
            StepKind.AttachDeviceProgram => AttachDeviceProgram(plan, step),
            StepKind.MoveNetworkDevice => NetworkDevices.MoveToProcess(pid, plan.At(step->A), plan.At(step->B)),
            _ => -(int)Errno.ENOSYS,
        };
        return result < 0 ? Failure.At(ref failure, step, FailurePoint.None, result) : 0;
    }

    /// <summary>
    /// Whether anybody is left in the container's own groups: without a pid namespace its processes outlive the first. True also when that
    /// cannot be told, since what has processes must not be removed.
    /// </summary>
    internal static bool HasProcesses(Plan plan)
    {
        var steps = plan.Steps(plan.Header->SupervisorSteps);
        for (uint i = 0; i < plan.Header->SupervisorStepCount; i++)
        {
            if (IsOwnGroup(steps + i))
            {
                return IsPopulated(plan.At(steps[i].A));
            }
        }

        return false;
    }

    internal static void Undo(Plan plan, uint done)
    {
        var steps = plan.Steps(plan.Header->SupervisorSteps);
        var patience = RemovePatience;
        while (done > 0)
        {
            var step = steps + --done;
            if (IsOwnGroup(step))
            {
                RemoveCgroup(Kernel.AtFdCwd, plan.At(step->A), ref patience);
            }
            else if (step->Kind == StepKind.RunSelf && (step->Flags & OnUndo) != 0)
            {
                var failure = new Failure();
                if (HookStep.Run(plan, step, 0, ref failure) < 0)
                {
                    LaunchExit.Report(plan, failure, 0);
                }
            }
        }
    }

    private static bool IsOwnGroup(PlanStep* step) => step->Kind == StepKind.MakeCgroup && (step->Flags & Shared) == 0;

    private static bool IsPopulated(byte* group)
    {
        var directory = Kernel.Open(Kernel.AtFdCwd, group, Kernel.O_PATH | Kernel.O_DIRECTORY);
        var file = directory < 0 ? directory : Kernel.Open(directory, Kernel.Literal("cgroup.procs"u8), Kernel.O_RDONLY);
        byte first;
        var read = file < 0 ? file : Kernel.Read(file, &first, 1);
        Kernel.Close(file);
        Kernel.Close(directory);
        return read is not (0 or -(int)Errno.ENOENT or -(int)Errno.ENODEV);
    }

    private static int MakeCgroup(Plan plan, PlanStep* step, ref bool isNew)
    {
        // Everybody may pass, whatever this process keeps to itself otherwise: who mounts a group's hierarchy in a user namespace walks
        // down to the group as its own root.
        var result = (int)Kernel.Call(SyscallNumber.Umask, OpenToAll);
        result = result < 0 ? result : Kernel.MakeDirectory(Kernel.AtFdCwd, plan.At(step->A), 0x1ed);
        isNew = result >= 0;
        var restored = (int)Kernel.Call(SyscallNumber.Umask, ForOwner);
        if (isNew && restored < 0)
        {
            Kernel.Remove(Kernel.AtFdCwd, plan.At(step->A), Kernel.AT_REMOVEDIR);
        }

        result = result == -(int)Errno.EEXIST && (step->Flags & (Shared | MayExist)) != 0 ? 0 : result;
        return result < 0 || restored >= 0 ? result : restored;
    }

    private static int WriteFile(Plan plan, PlanStep* step)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, plan.At(step->A), Kernel.O_WRONLY);
        if (fd < 0)
        {
            return fd == -(int)Errno.ENOENT && (step->Flags & Optional) != 0 ? 0 : fd;
        }

        var value = plan.At(step->B);

        // One write(2): a cgroup file takes each write as a whole setting.
        var result = Kernel.Write(fd, value, Kernel.Length(value));
        Kernel.Close(fd);
        return result < 0 ? (int)result : 0;
    }

    private static int AttachDeviceProgram(Plan plan, PlanStep* step)
    {
        var load = stackalloc ulong[16];
        new Span<ulong>(load, 16).Clear();
        load[0] = 15 | (step->Value << 32); // BPF_PROG_TYPE_CGROUP_DEVICE, insn_cnt
        load[1] = (ulong)plan.At(step->B);
        load[2] = (ulong)Kernel.Literal("Apache"u8); // the licence string only unlocks GPL-only helpers, and the program calls none
        var program = (int)Kernel.Call(SyscallNumber.Bpf, 5, (nint)load, 128); // BPF_PROG_LOAD
        if (program < 0)
        {
            return program;
        }

        var cgroup = Kernel.Open(Kernel.AtFdCwd, plan.At(step->A), Kernel.O_DIRECTORY);
        var result = cgroup;
        if (cgroup >= 0)
        {
            var attach = stackalloc uint[8];
            new Span<uint>(attach, 8).Clear();
            attach[0] = (uint)cgroup;
            attach[1] = (uint)program;
            attach[2] = 6; // BPF_CGROUP_DEVICE
            attach[3] = 2; // BPF_F_ALLOW_MULTI
            result = (int)Kernel.Call(SyscallNumber.Bpf, 8, (nint)attach, 32); // BPF_PROG_ATTACH
            Kernel.Close(cgroup);
        }

        Kernel.Close(program);
        return result;
    }

    // The last process is reaped, but the kernel lets go of its group a moment later: EBUSY until then. One that somebody else's process
    // is in, maybe further below, is given up when the patience is used up.
    private static void RemoveCgroup(int parent, byte* path, ref int patience)
    {
        var wait = stackalloc long[2];
        while (true)
        {
            if (IsRemoved(parent, path))
            {
                return;
            }

            RemoveChildren(parent, path, ref patience);
            if (IsRemoved(parent, path) || patience-- <= 0)
            {
                return;
            }

            wait[0] = 0;
            wait[1] = 1_000_000;
            Kernel.Call(SyscallNumber.NanoSleep, (nint)wait, 0);
        }
    }

    private static bool IsRemoved(int parent, byte* path) =>
        Kernel.Remove(parent, path, Kernel.AT_REMOVEDIR) is 0 or -(int)Errno.ENOENT;

    private static void RemoveChildren(int parent, byte* path, ref int patience)
    {
        var directory = Kernel.Open(parent, path, Kernel.O_RDONLY | Kernel.O_DIRECTORY | Kernel.O_NOFOLLOW);
        if (directory < 0)
        {
            return;
        }

        var buffer = stackalloc byte[2048];
        nint length;
        while ((length = Kernel.Call(SyscallNumber.GetDents64, directory, (nint)buffer, 2048)) > 0)
        {
            // struct linux_dirent64: d_reclen at 16, d_type at 18, d_name at 19.
            for (nint at = 0; at < length; at += *(ushort*)(buffer + at + 16))
            {
                var name = buffer + at + 19;
                if (buffer[at + 18] == 4 && name[0] != '.')
                {
                    RemoveCgroup(directory, name, ref patience);
                }
            }
        }

        Kernel.Close(directory);
    }
}
