using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Starts a program with chosen descriptors. posix_spawn(3)</summary>
/// <remarks>About half the cost of System.Diagnostics.Process, which has no way to pass descriptors either.</remarks>
public static unsafe class ChildProcess
{
    // Above every number that a child is given, so that one dup2 never overwrites the source of the next.
    private const int SafeNumber = 64;

    /// <summary>Starts the program with default signals.</summary>
    /// <param name="descriptors">What the child sees under which number; everything else is closed by O_CLOEXEC.</param>
    /// <param name="environment"><c>NAME=value</c> each; none when it is null.</param>
    /// <param name="directory">Where it starts; the caller's working directory when it is null.</param>
    /// <returns>The child's process id; <see cref="Wait"/> for it.</returns>
    public static int Spawn(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<(FileDescriptor Descriptor, int Number)> descriptors,
        SpawnSession session = SpawnSession.Own,
        IReadOnlyList<string>? environment = null,
        string? directory = null)
    {
        var copies = new List<int>(descriptors.Count);
        var actions = stackalloc byte[Libc.SizeOfSpawnFileActions];
        var attributes = stackalloc byte[Libc.SizeOfSpawnAttributes];
        var argv = new TextArray(arguments);
        var variables = new TextArray(environment ?? []);
        CheckResult(Libc.posix_spawn_file_actions_init(actions), path);
        CheckResult(Libc.posix_spawnattr_init(attributes), path);
        try
        {
            foreach (var (descriptor, number) in descriptors)
            {
                var copy = LinuxException.Check(
                    Libc.fcntl(descriptor.Number, Libc.F_DUPFD_CLOEXEC, SafeNumber), nameof(Libc.fcntl), "F_DUPFD_CLOEXEC");
                copies.Add(copy);
                CheckResult(Libc.posix_spawn_file_actions_adddup2(actions, copy, number), path);
            }

            if (directory is not null)
            {
                CheckResult(Libc.posix_spawn_file_actions_addchdir_np(actions, directory), directory);
            }

            SetAttributes(attributes, path, session);
            int pid;
            CheckResult(Libc.posix_spawn(&pid, path, actions, attributes, argv.Pointer, variables.Pointer), path);
            return pid;
        }
        finally
        {
            foreach (var copy in copies)
            {
                Libc.close(copy);
            }

            variables.Free();
            argv.Free();
            _ = Libc.posix_spawnattr_destroy(attributes);
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Waits for a child and returns its exit code, or 128 + the signal that ended it.</summary>
    public static int Wait(int pid)
    {
        int status;
        while (Libc.waitpid(pid, &status, 0) < 0)
        {
            var error = LinuxException.Last(nameof(Libc.waitpid), $"{pid}");
            if (error.Errno != Errno.EINTR)
            {
                throw error;
            }
        }

        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    /// <summary>Sends a signal to a child that was not waited for, so that its number is still its own. kill(2)</summary>
    public static void Signal(int pid, int signal) => LinuxException.Check(Libc.kill(pid, signal), nameof(Libc.kill), $"{pid}");

    /// <summary>Sends a signal to all processes of the session that a child was started with and that none of them left.</summary>
    /// <remarks>Only for a child that was not waited for; no error when all of them have ended.</remarks>
    public static void SignalGroup(int pid, int signal)
    {
        if (Libc.kill(-pid, signal) < 0 && LinuxException.Last(nameof(Libc.kill), $"-{pid}") is { Errno: not Errno.ESRCH } error)
        {
            throw error;
        }
    }

    // The .NET runtime ignores SIGPIPE and blocks others; a child must not inherit that.
    private static void SetAttributes(byte* attributes, string path, SpawnSession session)
    {
        var set = stackalloc byte[Libc.SizeOfSignalSet];
        CheckResult(Libc.sigfillset(set), path);
        CheckResult(Libc.posix_spawnattr_setsigdefault(attributes, set), path);
        CheckResult(Libc.sigemptyset(set), path);
        CheckResult(Libc.posix_spawnattr_setsigmask(attributes, set), path);
        const int flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK;
        CheckResult(
            Libc.posix_spawnattr_setflags(
                attributes, (short)(session == SpawnSession.Own ? flags | Libc.POSIX_SPAWN_SETSID : flags)),
            path);
    }

    // These functions return the error number instead of setting errno.
    private static void CheckResult(int result, string path)
    {
        if (result != 0)
        {
            throw new LinuxException(nameof(Libc.posix_spawn), path, (Errno)result);
        }
    }

    /// <summary>A NULL-terminated array of C strings outside the managed heap.</summary>
    private readonly ref struct TextArray
    {
        private readonly int _count;

        internal TextArray(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)_count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < _count; i++)
            {
                Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
            }
        }

        internal byte** Pointer { get; }

        internal void Free()
        {
            for (var i = 0; i < _count; i++)
            {
                Marshal.FreeCoTaskMem((nint)Pointer[i]);
            }

            NativeMemory.Free(Pointer);
        }
    }
}
