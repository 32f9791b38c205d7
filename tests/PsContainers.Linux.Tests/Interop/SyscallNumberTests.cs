using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Tests.Interop;

public sealed partial class SyscallNumberTests
{
    // Where the property's name is not the call's name with an underscore before each capital.
    private static readonly Dictionary<string, string> _irregular = new()
    {
        ["ClockGetTime"] = "clock_gettime",
        ["ExecveAt"] = "execveat",
        ["FAccessAt2"] = "faccessat2",
        ["FStatFs"] = "fstatfs",
        ["FchownAt"] = "fchownat",
        ["FsConfig"] = "fsconfig",
        ["FsMount"] = "fsmount",
        ["FsOpen"] = "fsopen",
        ["GetDents64"] = "getdents64",
        ["GetPid"] = "getpid",
        ["GetSockOpt"] = "getsockopt",
        ["MkdirAt"] = "mkdirat",
        ["MknodAt"] = "mknodat",
        ["MountSetAttr"] = "mount_setattr",
        ["NanoSleep"] = "nanosleep",
        ["NewFstatAt"] = "newfstatat",
        ["OpenAt"] = "openat",
        ["PidFdGetFd"] = "pidfd_getfd",
        ["PidFdOpen"] = "pidfd_open",
        ["PidFdSendSignal"] = "pidfd_send_signal",
        ["QuotaCtlFd"] = "quotactl_fd",
        ["ReadLinkAt"] = "readlinkat",
        ["RecvFrom"] = "recvfrom",
        ["RecvMsg"] = "recvmsg",
        ["RenameAt2"] = "renameat2",
        ["RtSigAction"] = "rt_sigaction",
        ["RtSigProcMask"] = "rt_sigprocmask",
        ["SchedSetAffinity"] = "sched_setaffinity",
        ["SendMsg"] = "sendmsg",
        ["SendTo"] = "sendto",
        ["SetSockOpt"] = "setsockopt",
        ["SetDomainName"] = "setdomainname",
        ["SetFsGid"] = "setfsgid",
        ["SetFsUid"] = "setfsuid",
        ["SetGroups"] = "setgroups",
        ["SetHostName"] = "sethostname",
        ["SetNs"] = "setns",
        ["SetPGid"] = "setpgid",
        ["SetResGid"] = "setresgid",
        ["SetResUid"] = "setresuid",
        ["SetSid"] = "setsid",
        ["SignalFd4"] = "signalfd4",
        ["SocketPair"] = "socketpair",
        ["StatFs"] = "statfs",
        ["SymlinkAt"] = "symlinkat",
        ["UnlinkAt"] = "unlinkat",
        ["WaitId"] = "waitid",
    };

    [Fact]
    public void Every_number_in_the_table_is_the_headers_number()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        var text = new StringBuilder("#include <sys/syscall.h>\n");
        const BindingFlags members = BindingFlags.Static | BindingFlags.NonPublic;
        var constants = typeof(SyscallNumber).GetFields(members).Where(f => f.IsLiteral)
            .Select(f => (f.Name, (long)f.GetRawConstantValue()!));
        var properties = typeof(SyscallNumber).GetProperties(members).Where(p => p.PropertyType == typeof(long))
            .Select(p => (p.Name, (long)p.GetValue(null)!));
        foreach (var (name, value) in constants.Concat(properties))
        {
            var call = _irregular.GetValueOrDefault(name) ?? Capital().Replace(name, m => "_" + m.Value).TrimStart('_').ToLowerInvariant();
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"_Static_assert(SYS_{call} == {value}, \"{name}\");");
        }

        CompilerCheck.AssertCompiles(text.ToString());
    }

    [Theory]
    [InlineData("sizeof(posix_spawn_file_actions_t)", Libc.SizeOfSpawnFileActions)]
    [InlineData("sizeof(posix_spawnattr_t)", Libc.SizeOfSpawnAttributes)]
    [InlineData("sizeof(sigset_t)", Libc.SizeOfSignalSet)]
    public void Opaque_types_fit_into_the_room_we_give_them(string size, int room)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles($"#include <spawn.h>\n#include <signal.h>\n_Static_assert({size} <= {room}, \"{size}\");");
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
