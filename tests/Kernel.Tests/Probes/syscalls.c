// Makes system calls that a container must be refused, each with arguments that can do no harm: one line per call, its name and its errno.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALL(name, ...) \
    errno = 0; \
    printf("%s %s\n", #name, syscall(SYS_##name, __VA_ARGS__) < 0 ? strerrorname_np(errno) : "ok");

static void report_socket(const char *name, int family)
{
    errno = 0;
    int fd = socket(family, SOCK_SEQPACKET, 0);
    printf("%s %s\n", name, fd < 0 ? strerrorname_np(errno) : "ok");
}

static void report_clone(const char *name, int flags)
{
    errno = 0;
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(0);
    printf("%s %s\n", name, child < 0 ? strerrorname_np(errno) : "ok");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    CALL(unshare, 0)
    CALL(setns, -1, 0)
    CALL(mount, "a", "/nowhere", "tmpfs", 0, 0)
    CALL(umount2, "/nowhere", 0)
    CALL(pivot_root, "/nowhere", "/nowhere")
    CALL(open_tree, -1, "", 0)
    CALL(move_mount, -1, "", -1, "", 0)
    CALL(fsopen, "tmpfs", 0)
    CALL(mount_setattr, -1, "", 0, 0, 0)
    CALL(keyctl, -1, 0, 0, 0, 0)
    CALL(add_key, 0, 0, 0, 0, 0)
    CALL(request_key, 0, 0, 0, 0)
    CALL(bpf, BPF_PROG_LOAD, 0, 0)
    CALL(perf_event_open, 0, 0, -1, -1, 0)
    CALL(userfaultfd, -1)
    CALL(io_uring_setup, 0, 0)
    CALL(kexec_load, 0, 0, 0, 0)
    CALL(init_module, 0, 0, 0)
    CALL(finit_module, -1, 0, 0)
    CALL(delete_module, 0, 0)
    CALL(reboot, 0, 0, 0, 0)
    CALL(swapon, 0, 0)
    CALL(acct, "/nowhere")
    CALL(quotactl, -1, 0, 0, 0)
    CALL(open_by_handle_at, -1, 0, 0)
    CALL(settimeofday, (void *)-1, 0)
    CALL(sethostname, (void *)-1, 1)
    CALL(syslog, -1, 0, 0)
    CALL(vhangup, 0)
    CALL(kcmp, 1, 1, 99, 0, 0)
    CALL(personality, 0x0040000)
    report_clone("clone-user", CLONE_NEWUSER);
    report_clone("clone-mount", CLONE_NEWNS);
    CALL(clone3, 0, 0)
    report_socket("socket-alg", AF_ALG);
    report_socket("socket-vsock", AF_VSOCK);
    return 0;
}
