using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Detached;

/// <summary>A container that `create` made, found again by its directory.</summary>
internal static unsafe class ContainerDirectory
{
    /// <summary>Enters the directory and maps the plan in it.</summary>
    internal static int Enter(byte* path, out Plan plan)
    {
        plan = default;
        var result = Kernel.ChangeDirectory(path);
        if (result < 0)
        {
            return result;
        }

        var fd = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("plan"u8), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        result = Plan.Map(fd, out plan);
        Kernel.Close(fd);
        return result;
    }

    /// <summary>Connects to a first process that waits for its start; ECONNREFUSED or ENOENT when none does.</summary>
    internal static int ConnectStart() => Kernel.ConnectPackets("start.sock"u8);

    /// <summary>One deletion or start at a time: they read the state and then act on it. The lock goes with the process.</summary>
    internal static int Lock()
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("plan"u8), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        int result;
        do
        {
            result = (int)Kernel.Call(Linux.Interop.SyscallNumber.Flock, fd, 2); // LOCK_EX
        }
        while (result == -(int)Errno.EINTR);
        return result < 0 ? result : fd;
    }
}
