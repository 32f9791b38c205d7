using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>The command: found in PATH as execvp(3) does, in the container's own environment, and executed as the last step.</summary>
internal static unsafe class CommandSearch
{
    private const int PathBytes = 4096;

    /// <summary>The file that the command names, checked as far as can be before the process becomes it.</summary>
    internal static int Find(ref ContainerContext context) =>
        Find(context.Command, PathBytes, context.Arguments[0], context.Environment);

    internal static int Find(byte* found, int capacity, byte* command, byte** environment)
    {
        if (!Kernel.Span(command).Contains((byte)'/'))
        {
            return SearchPath(found, capacity, command, environment);
        }

        var path = new Text(found, capacity);
        path.Add(command);
        return path.IsCut ? -(int)Errno.ENAMETOOLONG : CheckExecutable(found);
    }

    internal static int Execute(ref ContainerContext context)
    {
        AddHome(ref context);
        var header = context.Plan.Header;
        if (((PlanFlags)header->Flags & PlanFlags.Detached) == 0)
        {
            var result = GuardAgainstDeadLauncher(ref context);
            if (result < 0)
            {
                return result;
            }
        }

        return Kernel.Execute(context.Command, context.Arguments, context.Environment);
    }

    // Changing the user cleared the death signal; the launcher may have died before it is set again. A channel without its other end tells.
    private static int GuardAgainstDeadLauncher(ref ContainerContext context)
    {
        var result = Kernel.Control(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
        if (result < 0)
        {
            return result;
        }

        // Not by poll(2), which takes no descriptor at all when the limit for them is 0. A system call filter may refuse the look.
        byte nothing;
        return Kernel.Receive(context.Channel, &nothing, 1) switch
        {
            -(int)Errno.EAGAIN or -(int)Errno.EPERM or -(int)Errno.ENOSYS => 0,
            >= 0 => context.At(FailurePoint.SupervisorDied, -(int)Errno.EPIPE),
            var error => (int)error,
        };
    }

    // An entry that may not be searched or run is remembered: "permission denied" helps more than "not found".
    private static int SearchPath(byte* found, int capacity, byte* command, byte** environment)
    {
        var outcome = -(int)Errno.ENOENT;
        if (command[0] == 0)
        {
            return outcome;
        }

        var rest = Value(environment, "PATH="u8);
        while (true)
        {
            var colon = rest.IndexOf((byte)':');
            var directory = colon < 0 ? rest : rest[..colon];
            var path = new Text(found, capacity);
            path.Add(directory.Length == 0 ? "."u8 : directory);
            path.Add("/"u8);
            path.Add(command);
            var result = path.IsCut ? -(int)Errno.ENAMETOOLONG : CheckExecutable(path.Pointer);
            if (result is -(int)Errno.EACCES)
            {
                outcome = result;
            }
            else if (result is not (-(int)Errno.ENOENT or -(int)Errno.ENOTDIR))
            {
                return result;
            }

            if (colon < 0)
            {
                return outcome;
            }

            rest = rest[(colon + 1)..];
        }
    }

    // As execve(2) will judge: a regular file that this user may execute. A system call filter that is loaded already may not know these
    // calls: then execve judges alone.
    private static int CheckExecutable(byte* path)
    {
        var result = Kernel.Status(path, out var status);
        if (result >= 0)
        {
            result = (status.Mode & Kernel.S_IFMT) != Kernel.S_IFREG
                ? -(int)Errno.EACCES
                : (int)Kernel.Call(SyscallNumber.FAccessAt2, Kernel.AtFdCwd, (nint)path, 1, 0x200); // X_OK, AT_EACCESS
        }

        return result is -(int)Errno.EPERM or -(int)Errno.ENOSYS ? 0 : result;
    }

    private static void AddHome(ref ContainerContext context)
    {
        // The encoder left room for one more entry behind the environment.
        if (context.Home[0] != 0 && Value(context.Environment, "HOME="u8).Length == 0)
        {
            context.Environment[context.EnvironmentCount] = context.Home;
            context.Environment[context.EnvironmentCount + 1] = null;
        }
    }

    private static ReadOnlySpan<byte> Value(byte** environment, ReadOnlySpan<byte> name)
    {
        for (var entry = environment; *entry != null; entry++)
        {
            var text = Kernel.Span(*entry);
            if (text.StartsWith(name))
            {
                return text[name.Length..];
            }
        }

        return default;
    }
}
