// Says what the kernel knows of this process: one attribute and its value a line.
#define _GNU_SOURCE
#include <linux/sched/types.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void)
{
    struct sched_attr a = { .size = sizeof(a) };
    if (syscall(SYS_sched_getattr, 0, &a, sizeof(a), 0) != 0)
        perror("sched_getattr");
    printf("policy %u\nflags %llu\nnice %d\npriority %u\n", a.sched_policy, (unsigned long long)a.sched_flags, a.sched_nice,
        a.sched_priority);
    printf("runtime %llu\ndeadline %llu\nperiod %llu\n", (unsigned long long)a.sched_runtime,
        (unsigned long long)a.sched_deadline, (unsigned long long)a.sched_period);

    long io = syscall(SYS_ioprio_get, 1, 0);
    printf("ioclass %ld\niolevel %ld\n", io >> 13, io & 7);

    int mode = -1;
    unsigned long nodes[16] = { 0 };
    if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof(nodes) * 8, 0, 0) != 0)
        perror("get_mempolicy");
    printf("memory %d\nnodes %lu\n", mode, nodes[0]);

    struct utsname name;
    uname(&name);
    printf("machine %s\ndomain %s\npersonality %d\n", name.machine, name.domainname, personality(0xffffffff));
    return 0;
}
