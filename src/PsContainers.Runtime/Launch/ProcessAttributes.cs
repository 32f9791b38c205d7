using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>How the kernel treats the process and its children: scheduling, memory placement, execution domain.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process</remarks>
internal static class ProcessAttributes
{
    private const int IoClassShift = 13; // IOPRIO_CLASS_SHIFT
    private const int LowestIoPriority = 7;

    // linux/ioprio.h
    private static readonly Dictionary<string, uint> _ioClasses = new()
    {
        ["IOPRIO_CLASS_RT"] = 1,
        ["IOPRIO_CLASS_BE"] = 2,
        ["IOPRIO_CLASS_IDLE"] = 3,
    };

    // linux/personality.h
    private static readonly Dictionary<string, uint> _domains = new() { ["LINUX"] = 0, ["LINUX32"] = 8 };

    internal static IReadOnlyList<LaunchStep> Build(RuntimeSpec spec, ProcessSpec process) =>
    [
        .. process.Scheduler is { } scheduler ? [SchedulerSetting.Read(scheduler)] : Array.Empty<LaunchStep>(),
        .. process.IoPriority is { } io ? [IoPriority(io)] : Array.Empty<LaunchStep>(),
        .. spec.Linux?.MemoryPolicy is { } policy ? [MemoryPolicySetting.Read(policy)] : Array.Empty<LaunchStep>(),
        .. spec.Linux?.Personality is { } personality ? [Personality(personality)] : Array.Empty<LaunchStep>(),
    ];

    private static SetIoPriority IoPriority(LinuxIoPriority priority)
    {
        var number = SettingNames.Number(_ioClasses, priority.Class, "process.ioPriority.class");
        return priority.Priority is >= 0 and <= LowestIoPriority
            ? new SetIoPriority(priority.Class, (number << IoClassShift) | (uint)priority.Priority)
            : throw new InvalidSettingException(
                "process.ioPriority.priority", $"{priority.Priority} is not from 0 to {LowestIoPriority}");
    }

    private static SetPersonality Personality(LinuxPersonality personality)
    {
        var number = SettingNames.Number(_domains, personality.Domain, "linux.personality.domain");
        return personality.Flags is null or []
            ? new SetPersonality(personality.Domain, number)
            : throw new InvalidSettingException(
                "linux.personality.flags", $"'{personality.Flags[0]}' is not known: the specification has no flags yet");
    }
}
