using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>Looks where a target really is, once it is open, before anything is mounted on it.</summary>
/// <remarks>
/// The launcher and much software after it believe what /proc says. An image that gets something of its own mounted there, by a symlink
/// or a volume, would be believed (CVE-2019-16884). runc's checkProcMount draws the same line.
/// </remarks>
internal static unsafe class MountGuard
{
    /// <param name="isProc">What is to be mounted is a proc file system.</param>
    internal static int Check(ref ContainerContext context, int target, bool isProc)
    {
        var path = stackalloc byte[ContainerContext.MaximumPath];
        var length = ContainerContext.PathOf(target, path);
        if (length < 0)
        {
            return context.At(FailurePoint.VerifyTarget, length);
        }

        var inside = path + context.RootLength;
        if (length <= context.RootLength || inside[1] == 0)
        {
            return context.At(FailurePoint.TargetIsRoot, -(int)Errno.EBUSY);
        }

        var rest = Kernel.Span(inside);
        var isOutside = !rest.StartsWith("/proc"u8) || (rest.Length > 5 && rest[5] != '/');
        var isAllowed = rest.Length == 5 ? isProc : IsOrdinary(rest);
        return isOutside || isAllowed ? 0 : context.At(FailurePoint.TargetInProc, -(int)Errno.EPERM);
    }

    /// <summary>Checks that a path lies on the file system that was mounted for it; 0 takes any.</summary>
    internal static int CheckFileSystem(ref ContainerContext context, int target, long expected)
    {
        if (expected == 0)
        {
            return 0;
        }

        var found = Kernel.FileSystemOf(target);
        return found == expected ? 0 : context.At(FailurePoint.VerifyTarget, found < 0 ? (int)found : -(int)Errno.EPERM);
    }

    // What lxcfs gives its own version of, and two harmless settings.
    private static bool IsOrdinary(ReadOnlySpan<byte> path) =>
        path.SequenceEqual("/proc/cpuinfo"u8) || path.SequenceEqual("/proc/diskstats"u8) || path.SequenceEqual("/proc/meminfo"u8)
        || path.SequenceEqual("/proc/stat"u8) || path.SequenceEqual("/proc/swaps"u8) || path.SequenceEqual("/proc/uptime"u8)
        || path.SequenceEqual("/proc/loadavg"u8) || path.SequenceEqual("/proc/slabinfo"u8)
        || path.SequenceEqual("/proc/sys/kernel/ns_last_pid"u8) || path.SequenceEqual("/proc/sys/crypto/fips_enabled"u8);
}
