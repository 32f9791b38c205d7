using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher;

/// <summary>How a bare process ends when a launch fails.</summary>
internal static unsafe class LaunchExit
{
    /// <summary>What runc and crun end with when an operation fails.</summary>
    internal const int Failed = 1;

    /// <summary>The launcher itself failed, where that is told apart from the command.</summary>
    internal const int NoPlan = 125;

    /// <summary>Writes the failure to stderr and to the caller's log, and passes the code through.</summary>
    internal static int Report(Plan plan, Failure failure, int code)
    {
        if (failure.Point == FailurePoint.Told)
        {
            return code;
        }

        var buffer = stackalloc byte[StatusMessage.MaximumText];
        var text = new Text(buffer, StatusMessage.MaximumText);
        failure.Describe(plan, ref text);
        ErrorReport.Write(plan, ref text);
        return code;
    }

    /// <summary>As shells and docker have it: 127 command not found, 126 found but not executable, 125 everything before.</summary>
    internal static int Code(Failure failure) =>
        failure.Kind is not (StepKind.Execute or StepKind.FindCommand) ? 125
        : failure.Errno is (int)Errno.ENOENT or (int)Errno.ENOTDIR ? 127
        : 126;
}
