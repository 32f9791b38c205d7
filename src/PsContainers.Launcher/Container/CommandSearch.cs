using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>The last step: execve(2), with the search in PATH that execvp(3) does, in the container's own environment.</summary>
internal static unsafe class CommandSearch
{
    private const int PathBytes = 4096;

    internal static int Execute(ref ContainerContext context)
    {
        AddHome(ref context);
        var result = GuardAgainstDeadSupervisor(ref context);
        if (result < 0)
        {
            return result;
        }

        Kernel.CloseFrom(3, onExec: true);
        var command = context.Arguments[0];
        return Kernel.Span(command).Contains((byte)'/')
            ? Kernel.Execute(command, context.Arguments, context.Environment)
            : SearchPath(ref context, command);
    }

    // Changing the user cleared the death signal; the supervisor may have died before it is set again. A pipe without reader tells.
    private static int GuardAgainstDeadSupervisor(ref ContainerContext context)
    {
        Kernel.Control(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
        var entry = new Kernel.PollEntry { Descriptor = context.FailurePipe, Wanted = Kernel.POLLOUT };
        Kernel.Poll(&entry, 1);
        return (entry.Seen & Kernel.POLLERR) == 0 ? 0 : context.At(FailurePoint.SupervisorDied, -(int)Errno.EPIPE);
    }

    // An entry that may not be searched or run is remembered: "permission denied" helps more than "not found".
    private static int SearchPath(ref ContainerContext context, byte* command)
    {
        var outcome = -(int)Errno.ENOENT;
        if (command[0] == 0)
        {
            return outcome;
        }

        var rest = Value(context.Environment, "PATH="u8);
        var buffer = stackalloc byte[PathBytes];
        while (true)
        {
            var colon = rest.IndexOf((byte)':');
            var directory = colon < 0 ? rest : rest[..colon];
            var path = new Text(buffer, PathBytes);
            path.Add(directory.Length == 0 ? "."u8 : directory);
            path.Add("/"u8);
            path.Add(command);
            var result = path.IsCut ? -(int)Errno.ENAMETOOLONG : Kernel.Execute(path.Pointer, context.Arguments, context.Environment);
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
