// User-Mode Linux keeps 2696 bytes of a process's extended registers (x87 to AVX-512 and the protection keys). On a processor that has
// AMX as well, the host's PTRACE_SETREGSET takes the whole area or nothing (ptrace(2): EFAULT), and the guest panics at boot. Preloaded,
// this puts what the guest kept on top of the rest as the process has it; nothing in the guest uses AMX.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

// Intel SDM, volume 1, 13.4: the header is at 512 and starts with XSTATE_BV, which says what of the area is in use.
enum { HEADER = 512 };

static const uint64_t amx = UINT64_C(3) << 17;

typedef long (*call)(enum __ptrace_request, pid_t, void *, void *);

static long set_extended_registers(call next, pid_t pid, void *type, struct iovec *part)
{
    static char whole[65536];
    struct iovec all = { whole, sizeof whole };
    if (next(PTRACE_GETREGSET, pid, type, &all) < 0)
        return -1;
    if (all.iov_len <= part->iov_len)
        return next(PTRACE_SETREGSET, pid, type, part);

    uint64_t had, in_use;
    memcpy(&had, whole + HEADER, sizeof had);
    memcpy(whole, part->iov_base, part->iov_len);
    memcpy(&in_use, whole + HEADER, sizeof in_use);
    in_use = (in_use & ~amx) | (had & amx);
    memcpy(whole + HEADER, &in_use, sizeof in_use);
    return next(PTRACE_SETREGSET, pid, type, &all);
}

long ptrace(enum __ptrace_request request, ...)
{
    static call next;
    if (next == NULL)
        next = (call)dlsym(RTLD_NEXT, "ptrace");

    va_list rest;
    va_start(rest, request);
    pid_t pid = va_arg(rest, pid_t);
    void *address = va_arg(rest, void *);
    void *data = va_arg(rest, void *);
    va_end(rest);
    return request == PTRACE_SETREGSET && (uintptr_t)address == NT_X86_XSTATE
        ? set_extended_registers(next, pid, address, data)
        : next(request, pid, address, data);
}
