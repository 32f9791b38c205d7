using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>Signals to processes of the host.</summary>
internal static class HostProcess
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Signal(int pid, int signal)
    {
        using var process = PidFd.Open(pid);
        process.Signal(signal);
    }
}
