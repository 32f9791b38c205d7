using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Supervisor;

/// <summary>
/// Whether the kernel killed in the container's memory cgroup: the `oom_kill` line of memory.events (v2) or memory.oom_control (v1, Linux
/// 4.13).
/// </summary>
internal static unsafe class OomNotice
{
    internal static bool WasKilled(Plan plan)
    {
        var path = plan.At(plan.Header->OomFile);
        var fd = path == null ? -1 : Kernel.Open(Kernel.AtFdCwd, path, Kernel.O_RDONLY);
        if (fd < 0)
        {
            return false;
        }

        var buffer = stackalloc byte[512];
        var length = Kernel.Read(fd, buffer, 512);
        Kernel.Close(fd);
        var text = new ReadOnlySpan<byte>(buffer, length < 0 ? 0 : (int)length);
        var at = text.IndexOf("oom_kill "u8);
        return at >= 0 && at + 9 < text.Length && text[at + 9] != '0';
    }
}
