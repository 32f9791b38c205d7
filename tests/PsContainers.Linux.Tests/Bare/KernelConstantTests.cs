using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Linux.Tests.Interop;

namespace PsContainers.Linux.Tests.Bare;

public sealed class KernelConstantTests
{
    public static TheoryData<string, string, ulong> Constants => new()
    {
        { "fcntl.h", "O_CLOEXEC", Kernel.O_CLOEXEC },
        { "fcntl.h", "O_DIRECTORY", (ulong)Kernel.O_DIRECTORY },
        { "fcntl.h", "O_NOFOLLOW", (ulong)Kernel.O_NOFOLLOW },
        { "fcntl.h", "O_PATH", (ulong)Kernel.O_PATH },
        { "fcntl.h", "O_APPEND", Kernel.O_APPEND },
        { "fcntl.h", "O_NONBLOCK", Kernel.O_NONBLOCK },
        { "fcntl.h", "O_TRUNC", Kernel.O_TRUNC },
        { "fcntl.h", "O_EXCL", Kernel.O_EXCL },
        { "fcntl.h", "AT_EMPTY_PATH", Kernel.AT_EMPTY_PATH },
        { "fcntl.h", "AT_REMOVEDIR", Kernel.AT_REMOVEDIR },
        { "fcntl.h", "AT_RECURSIVE", Kernel.AT_RECURSIVE },
        { "linux/openat2.h", "RESOLVE_IN_ROOT", Kernel.RESOLVE_IN_ROOT },
        { "linux/openat2.h", "RESOLVE_BENEATH", Kernel.RESOLVE_BENEATH },
        { "linux/openat2.h", "RESOLVE_NO_MAGICLINKS", Kernel.RESOLVE_NO_MAGICLINKS },
        { "linux/openat2.h", "RESOLVE_NO_XDEV", Kernel.RESOLVE_NO_XDEV },
        { "linux/openat2.h", "RESOLVE_NO_SYMLINKS", Kernel.RESOLVE_NO_SYMLINKS },
        { "sched.h", "CLONE_PIDFD", Kernel.CLONE_PIDFD },
        { "linux/sched.h", "CLONE_NEWNET", Kernel.CLONE_NEWNET },
        { "linux/rtnetlink.h", "RTM_NEWLINK", RouteRequest.RTM_NEWLINK },
        { "linux/rtnetlink.h", "RTM_NEWADDR", RouteRequest.RTM_NEWADDR },
        { "linux/rtnetlink.h", "RTM_GETADDR", RouteRequest.RTM_GETADDR },
        { "linux/netlink.h", "NLM_F_ACK", RouteRequest.NLM_F_ACK },
        { "linux/netlink.h", "NLM_F_DUMP", RouteRequest.NLM_F_DUMP },
        { "linux/netlink.h", "NLM_F_CREATE", RouteRequest.NLM_F_CREATE },
        { "linux/netlink.h", "NLM_F_EXCL", RouteRequest.NLM_F_EXCL },
        { "linux/sched.h", "CLONE_INTO_CGROUP", Kernel.CLONE_INTO_CGROUP },
        { "sys/mount.h", "MS_BIND", Kernel.MS_BIND },
        { "sys/mount.h", "MS_REC", Kernel.MS_REC },
        { "sys/mount.h", "MS_REMOUNT", Kernel.MS_REMOUNT },
        { "sys/mount.h", "MNT_DETACH", Kernel.MNT_DETACH },
        { "sys/mount.h", "MS_PRIVATE", Kernel.MS_PRIVATE },
        { "sys/mount.h", "MS_SLAVE", Kernel.MS_SLAVE },
        { "sys/mount.h", "MS_SHARED", Kernel.MS_SHARED },
        { "sys/mount.h", "MS_UNBINDABLE", Kernel.MS_UNBINDABLE },
        { "linux/mount.h", "MOUNT_ATTR_IDMAP", Kernel.MOUNT_ATTR_IDMAP },
        { "linux/mount.h", "OPEN_TREE_CLONE", Kernel.OPEN_TREE_CLONE },
        { "linux/magic.h", "PROC_SUPER_MAGIC", (ulong)Kernel.PROC_SUPER_MAGIC },
        { "fcntl.h", "AT_SYMLINK_NOFOLLOW", Kernel.AT_SYMLINK_NOFOLLOW },
        { "sys/stat.h", "S_IFIFO", Kernel.S_IFIFO },
        { "sched.h", "CLONE_NEWUSER", Kernel.CLONE_NEWUSER },
        { "linux/mount.h", "FSCONFIG_SET_STRING", Kernel.FSCONFIG_SET_STRING },
        { "linux/mount.h", "FSCONFIG_CMD_CREATE", Kernel.FSCONFIG_CMD_CREATE },
        { "linux/mount.h", "MOVE_MOUNT_F_EMPTY_PATH", Kernel.MOVE_MOUNT_F_EMPTY_PATH },
        { "linux/mount.h", "MOVE_MOUNT_T_EMPTY_PATH", Kernel.MOVE_MOUNT_T_EMPTY_PATH },
        { "sys/wait.h", "P_PIDFD", Kernel.P_PIDFD },
        { "sys/wait.h", "WEXITED", Kernel.WEXITED },
        { "sys/prctl.h", "PR_SET_NO_NEW_PRIVS", Kernel.PR_SET_NO_NEW_PRIVS },
        { "sys/prctl.h", "PR_CAPBSET_DROP", Kernel.PR_CAPBSET_DROP },
        { "sys/prctl.h", "PR_CAP_AMBIENT", Kernel.PR_CAP_AMBIENT },
        { "linux/seccomp.h", "SECCOMP_FILTER_FLAG_NEW_LISTENER", Kernel.SECCOMP_FILTER_FLAG_NEW_LISTENER },
        { "sys/prctl.h", "PR_SET_PDEATHSIG", Kernel.PR_SET_PDEATHSIG },
        { "sys/prctl.h", "PR_SET_KEEPCAPS", Kernel.PR_SET_KEEPCAPS },
        { "sys/prctl.h", "PR_SET_NAME", Kernel.PR_SET_NAME },
        { "signal.h", "SIGCHLD", Kernel.SIGCHLD },
        { "signal.h", "SIGPIPE", Kernel.SIGPIPE },
        { "poll.h", "POLLERR", (ulong)Kernel.POLLERR },
        { "poll.h", "POLLHUP", (ulong)Kernel.POLLHUP },
        { "sys/mman.h", "MFD_ALLOW_SEALING", Libc.MFD_ALLOW_SEALING },
        { "fcntl.h", "F_ADD_SEALS", Libc.F_ADD_SEALS },
        { "fcntl.h", "F_DUPFD_CLOEXEC", Libc.F_DUPFD_CLOEXEC },
        { "fcntl.h", "(F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE)", Libc.AllSeals },
        { "sys/socket.h", "SOCK_SEQPACKET", Libc.SOCK_SEQPACKET },
        { "sys/socket.h", "MSG_NOSIGNAL", Libc.MSG_NOSIGNAL },
        { "sys/socket.h", "SO_REUSEADDR", Kernel.SO_REUSEADDR },
        { "sys/socket.h", "SO_ERROR", Kernel.SO_ERROR },
        { "netinet/in.h", "IP_FREEBIND", Kernel.IP_FREEBIND },
        { "netinet/in.h", "IPPROTO_IPV6", Kernel.IPPROTO_IPV6 },
        { "netinet/in.h", "IPV6_V6ONLY", Kernel.IPV6_V6ONLY },
        { "netinet/in.h", "AF_INET", InternetEndpoint.AF_INET },
        { "netinet/in.h", "AF_INET6", InternetEndpoint.AF_INET6 },
        { "errno.h", "EINPROGRESS", Kernel.EINPROGRESS },
        { "sys/epoll.h", "EPOLLIN", Kernel.EPOLLIN },
        { "sys/epoll.h", "EPOLLOUT", Kernel.EPOLLOUT },
        { "sys/epoll.h", "EPOLL_CTL_ADD", Kernel.EPOLL_CTL_ADD },
        { "sys/epoll.h", "EPOLL_CTL_MOD", Kernel.EPOLL_CTL_MOD },
        { "sys/inotify.h", "IN_CLOSE_WRITE", Kernel.IN_CLOSE_WRITE },
        { "sys/inotify.h", "IN_MOVE", Kernel.IN_MOVED },
        { "sys/inotify.h", "IN_CREATE", Kernel.IN_CREATE },
        { "sys/inotify.h", "IN_DELETE", Kernel.IN_DELETE },
        { "sys/inotify.h", "IN_DELETE_SELF", Kernel.IN_DELETE_SELF },
        { "sys/inotify.h", "IN_ONLYDIR", Kernel.IN_ONLYDIR },
        { "spawn.h", "POSIX_SPAWN_SETSID", (ulong)Libc.POSIX_SPAWN_SETSID },
        { "spawn.h", "POSIX_SPAWN_SETSIGDEF", (ulong)Libc.POSIX_SPAWN_SETSIGDEF },
        { "spawn.h", "POSIX_SPAWN_SETSIGMASK", (ulong)Libc.POSIX_SPAWN_SETSIGMASK },
    };

    [Theory]
    [MemberData(nameof(Constants))]
    public void Constant_matches_header(string header, string name, ulong value)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");

        CompilerCheck.AssertCompiles($"#define _GNU_SOURCE\n#include <{header}>\n_Static_assert({name} == {value}ULL, \"{name}\");");
    }
}
