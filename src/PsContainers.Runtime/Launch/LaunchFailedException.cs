using PsContainers.Linux;

namespace PsContainers.Runtime.Launch;

/// <summary>A container that did not start; the message reads <c>mount(proc on /proc): Operation not permitted (EPERM)</c>.</summary>
public sealed class LaunchFailedException(string message, StepKind step, Errno errno) : Exception(message)
{
    public StepKind Step { get; } = step;

    public Errno Errno { get; } = errno;

    /// <summary>As shells and docker have it: 127 command not found, 126 found but not executable, 125 everything before.</summary>
    public int ExitCode =>
        Step is not (StepKind.Execute or StepKind.FindCommand) ? 125 : Errno is Errno.ENOENT or Errno.ENOTDIR ? 127 : 126;
}
