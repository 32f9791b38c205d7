using PsContainers.Linux;

namespace PsContainers.Resolver;

/// <summary>Turns the −errno of a bare system call into an exception, where there is nothing to be done about it.</summary>
internal static class LinuxCall
{
    internal static int Check(int result, string call, string? target = null) =>
        result >= 0 ? result : throw new LinuxException(call, target, (Errno)(-result));
}
