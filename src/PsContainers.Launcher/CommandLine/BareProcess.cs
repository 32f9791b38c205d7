using System.Text;
using PsContainers.Launcher.Supervisor;
using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// The way from the managed half back to the bare one: a process with a runtime has threads and must not clone a container itself.
/// </summary>
internal static unsafe class BareProcess
{
    /// <summary>Replaces this program by the bare supervisor with the plan on its descriptor; returns only by an exception.</summary>
    internal static int Become(ReadOnlySpan<byte> plan)
    {
        using var file = MemoryFile.Create("plan", plan);
        fixed (byte* self = "/proc/self/exe\0"u8, name = "psc-runtime\0"u8, command = "supervise\0"u8)
        {
            var arguments = stackalloc byte*[] { name, command, null };
            byte* end = null;
            var result = DuplicateTo(file, SupervisorProcess.PlanDescriptor);
            for (var fd = SupervisorProcess.StatusDescriptor; fd <= SupervisorProcess.InputDescriptor; fd++)
            {
                Kernel.Close(fd);
            }

            result = result < 0 ? result : Kernel.Execute(self, arguments, &end);
            throw new LinuxException("execve", "/proc/self/exe", (Errno)(-result));
        }
    }

    /// <summary>False when the directory exists.</summary>
    internal static bool TryMakeDirectory(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var result = Kernel.MakeDirectory(Kernel.AtFdCwd, bytes, 0x1c0);
            return result switch
            {
                0 => true,
                -(int)Errno.EEXIST => false,
                _ => throw new LinuxException("mkdir", path, (Errno)(-result)),
            };
        }
    }

    // dup3(2) refuses equal numbers, and equal is what a fresh process may well get: then only the close-on-exec mark has to go.
    private static int DuplicateTo(MemoryFile file, int number)
    {
        var fd = (int)file.DangerousGetHandle();
        if (fd != number)
        {
            return Kernel.Duplicate(fd, number);
        }

        var spare = Kernel.DuplicateAnywhere(fd);
        return spare < 0 ? spare : Kernel.Duplicate(spare, number);
    }
}
