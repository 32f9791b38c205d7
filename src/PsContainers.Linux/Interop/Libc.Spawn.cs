using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>posix_spawn(3), waitpid(2), kill(2), pidfd_open(2), pidfd_send_signal(2).</summary>
internal static unsafe partial class Libc
{
    internal const short POSIX_SPAWN_SETSIGDEF = 0x04;
    internal const short POSIX_SPAWN_SETSIGMASK = 0x08;
    internal const short POSIX_SPAWN_SETSID = 0x80;

    // Opaque types of glibc and musl: 80 and 336 bytes on 64-bit machines; rounded up.
    internal const int SizeOfSpawnFileActions = 128;
    internal const int SizeOfSpawnAttributes = 512;
    internal const int SizeOfSignalSet = 128;

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn(int* pid, string path, byte* file_actions, byte* attrp, byte** argv, byte** envp);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_init(byte* file_actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_adddup2(byte* file_actions, int fildes, int newfildes);

    // glibc 2.29, musl 1.1.24
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int posix_spawn_file_actions_addchdir_np(byte* file_actions, string path);

    [LibraryImport(Name)]
    internal static partial int posix_spawn_file_actions_destroy(byte* file_actions);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_init(byte* attr);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setflags(byte* attr, short flags);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigdefault(byte* attr, byte* sigdefault);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_setsigmask(byte* attr, byte* sigmask);

    [LibraryImport(Name)]
    internal static partial int posix_spawnattr_destroy(byte* attr);

    [LibraryImport(Name)]
    internal static partial int sigemptyset(byte* set);

    [LibraryImport(Name)]
    internal static partial int sigfillset(byte* set);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int kill(int pid, int sig);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int waitpid(int pid, int* wstatus, int options);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long pidfd_open(long number, int pid, uint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long pidfd_send_signal(long number, int pidfd, int sig, void* info, uint flags);
}
