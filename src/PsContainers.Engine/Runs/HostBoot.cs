namespace PsContainers.Engine.Runs;

/// <summary>Which start of the host this is; what ran under another one runs no more. random(4)</summary>
internal static class HostBoot
{
    private static string? _id;

    public static string Id => _id ??= File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
