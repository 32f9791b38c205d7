using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PsContainers.LocalVolume.Tests.Harness;

/// <summary>
/// Puts this whole program into a mount namespace of its own before it does anything else: whatever a test mounts is gone when it ends.
/// </summary>
internal static partial class OwnMounts
{
    private const string Mark = "PSC_TEST_OWN_MOUNTS";
    private const string Unshare = "/usr/bin/unshare";

    // No namespace of a thread: /proc/self is that of the first one, and others are started by threads that nobody chose.
    [ModuleInitializer]
    internal static void Enter()
    {
        if (VolumeSession.RunWhenAsked())
        {
            Environment.Exit(0);
        }

        if (Environment.GetEnvironmentVariable(Mark) is not null || !Environment.IsPrivilegedProcess || !File.Exists(Unshare))
        {
            return;
        }

        var own = Environment.GetCommandLineArgs()[1..];
        Execute([Unshare, "--mount", "--propagation", "private", "/usr/bin/env", $"{Mark}=1", Environment.ProcessPath!, .. own]);
    }

    private static void Execute(string[] arguments)
    {
        string?[] all = [.. arguments, null];
        _ = execv(all[0]!, all);
        throw new InvalidOperationException($"{arguments[0]}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, string?[] arguments);
}
