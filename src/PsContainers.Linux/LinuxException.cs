using System.Globalization;
using System.Runtime.InteropServices;

namespace PsContainers.Linux;

/// <summary>A system call that failed. The message reads <c>mount(proc on /proc): Operation not permitted (EPERM)</c>.</summary>
/// <remarks>Callers branch with <c>catch (LinuxException e) when (e.Errno == Errno.ENOENT)</c>, never on the text.</remarks>
public sealed class LinuxException : IOException
{
    public LinuxException(string call, string? target, Errno errno)
        : base($"{call}({target}): {Describe(errno)}")
    {
        Call = call;
        Target = target;
        Errno = errno;
        HResult = (int)errno;
    }

    /// <summary>
    /// A request that no call of its own stands for: <c>add link veth0: Operation not supported (EOPNOTSUPP): Unknown device type</c>.
    /// </summary>
    /// <param name="reason">Why, in the kernel's own words where it gave some.</param>
    internal LinuxException(string request, string target, Errno errno, string? reason)
        : base($"{request} {target}: {Describe(errno)}{(reason is null ? "" : ": ")}{reason}")
    {
        Call = request;
        Target = target;
        Errno = errno;
        HResult = (int)errno;
    }

    /// <summary>The system call's name as the manual has it, or what was requested.</summary>
    public string Call { get; }

    /// <summary>What it was called on: a path, a pid, a link's name.</summary>
    public string? Target { get; }

    public Errno Errno { get; }

    /// <summary>The C library's words for an error number, with its name: <c>No such file or directory (ENOENT)</c>.</summary>
    public static string Describe(Errno errno)
    {
        var name = Enum.IsDefined(errno) ? errno.ToString() : ((int)errno).ToString(CultureInfo.InvariantCulture);
        return $"{Marshal.GetPInvokeErrorMessage((int)errno)} ({name})";
    }

    internal static int Check(int result, string call, string? target = null) => result >= 0 ? result : throw Last(call, target);

    internal static long Check(long result, string call, string? target = null) => result >= 0 ? result : throw Last(call, target);

    internal static LinuxException Last(string call, string? target) => new(call, target, (Errno)Marshal.GetLastPInvokeError());
}
