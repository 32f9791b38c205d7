using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>process.scheduler: what sched_setattr(2) would answer with a bare EINVAL is refused by name. sched(7)</summary>
internal static class SchedulerSetting
{
    // linux/sched.h; 4 is reserved for SCHED_ISO, which no kernel has.
    private static readonly Dictionary<string, uint> _policies = new()
    {
        ["SCHED_OTHER"] = 0,
        ["SCHED_FIFO"] = 1,
        ["SCHED_RR"] = 2,
        ["SCHED_BATCH"] = 3,
        ["SCHED_ISO"] = 4,
        ["SCHED_IDLE"] = 5,
        ["SCHED_DEADLINE"] = 6,
    };

    private static readonly Dictionary<string, uint> _flags = new()
    {
        ["SCHED_FLAG_RESET_ON_FORK"] = 0x01,
        ["SCHED_FLAG_RECLAIM"] = 0x02,
        ["SCHED_FLAG_DL_OVERRUN"] = 0x04,
        ["SCHED_FLAG_KEEP_POLICY"] = 0x08,
        ["SCHED_FLAG_KEEP_PARAMS"] = 0x10,
        ["SCHED_FLAG_UTIL_CLAMP_MIN"] = 0x20,
        ["SCHED_FLAG_UTIL_CLAMP_MAX"] = 0x40,
    };

    internal static SetScheduler Read(LinuxScheduler scheduler)
    {
        var number = SettingNames.Number(_policies, scheduler.Policy, "process.scheduler.policy");
        if (scheduler.Nice is < -20 or > 19)
        {
            throw new InvalidSettingException("process.scheduler.nice", $"{scheduler.Nice} is not from -20 to 19");
        }

        CheckPriority(scheduler);
        CheckDeadline(scheduler);
        return new SetScheduler(
            scheduler.Policy,
            number,
            SettingNames.Bits(_flags, scheduler.Flags, "process.scheduler.flags"),
            scheduler.Nice ?? 0,
            (uint)(scheduler.Priority ?? 0),
            scheduler.Runtime ?? 0,
            scheduler.Deadline ?? 0,
            scheduler.Period ?? 0);
    }

    private static void CheckPriority(LinuxScheduler scheduler)
    {
        var priority = scheduler.Priority ?? 0;
        if (scheduler.Policy is "SCHED_FIFO" or "SCHED_RR" ? priority is < 1 or > 99 : priority != 0)
        {
            throw new InvalidSettingException(
                "process.scheduler.priority", $"{priority} with {scheduler.Policy}: SCHED_FIFO and SCHED_RR take 1 to 99, the others 0");
        }
    }

    private static void CheckDeadline(LinuxScheduler scheduler)
    {
        var (runtime, deadline, period) = (scheduler.Runtime ?? 0, scheduler.Deadline ?? 0, scheduler.Period ?? 0);
        if (scheduler.Policy != "SCHED_DEADLINE")
        {
            Refuse(runtime != 0, "runtime", $"{runtime} is for SCHED_DEADLINE, not for {scheduler.Policy}");
            Refuse(deadline != 0, "deadline", $"{deadline} is for SCHED_DEADLINE, not for {scheduler.Policy}");
            Refuse(period != 0, "period", $"{period} is for SCHED_DEADLINE, not for {scheduler.Policy}");
            return;
        }

        Refuse(runtime == 0, "runtime", "SCHED_DEADLINE needs one");
        Refuse(deadline < runtime, "deadline", $"{deadline} is below the runtime {runtime}");
        Refuse(period != 0 && period < deadline, "period", $"{period} is below the deadline {deadline}");
    }

    private static void Refuse(bool isWrong, string member, string cause)
    {
        if (isWrong)
        {
            throw new InvalidSettingException($"process.scheduler.{member}", cause);
        }
    }
}
