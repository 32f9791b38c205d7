using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>The limits a user asks for, in the user's terms; null means not asked for.</summary>
public sealed record ResourceLimits
{
    /// <summary>Below this a container's first process is killed before it can say anything; Docker refuses less as well.</summary>
    public const long LeastMemory = 6 * 1024 * 1024;

    /// <summary>The most processes that a machine can have, and no higher limit is taken: PIDS_MAX in kernel/cgroup/pids.c.</summary>
    public const long MostPids = 4 * 1024 * 1024;

    private const string Least = "the least a container needs, 6291456 bytes (6 MiB)";

    // Docker's period; the kernel's default as well.
    private const ulong Period = 100_000;

    /// <summary>Bytes; −1 means no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory and swap together; −1 means any amount of swap, and not asked for means twice the memory.</summary>
    public long? MemorySwap { get; init; }

    public long? MemoryReservation { get; init; }

    /// <summary>How many CPUs' worth of time: 0.5 is half of one.</summary>
    public double? Cpus { get; init; }

    public long? CpuShares { get; init; }

    public string? CpuSet { get; init; }

    public string? CpusetMems { get; init; }

    /// <summary>−1 means no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Finds what this machine cannot fulfill, before anything is made.</summary>
    /// <exception cref="InvalidSettingException">Names the limit and what is wrong with it.</exception>
    public void Check(CpuList online)
    {
        CheckMemory();
        CheckCpu(online);
        Require(
            PidsLimit is null or -1 or > 0, nameof(PidsLimit),
            $"{PidsLimit} is neither a positive number of processes nor -1 for no limit");
        Require(PidsLimit is null or <= MostPids, nameof(PidsLimit), $"{PidsLimit} is more processes than a machine can have, {MostPids}");
    }

    /// <summary>The same limits in the terms of config.json.</summary>
    public LinuxResources ToLinuxResources() => new()
    {
        Memory = Memory is null && MemorySwap is null && MemoryReservation is null ? null : new LinuxMemory
        {
            Limit = Memory,
            Swap = MemorySwap ?? (Memory > 0 ? checked(Memory * 2) : null),
            Reservation = MemoryReservation,
        },
        Cpu = Cpus is null && CpuShares is null && CpuSet is null && CpusetMems is null ? null : new LinuxCpu
        {
            Shares = (ulong?)CpuShares,
            Quota = Cpus is null ? null : (long)Math.Round(Cpus.Value * Period),
            Period = Cpus is null ? null : Period,
            Cpus = CpuSet,
            Mems = CpusetMems,
        },
        Pids = PidsLimit is null ? null : new LinuxPids(PidsLimit),
    };

    private void CheckMemory()
    {
        Require(Memory is null or -1 or >= LeastMemory, nameof(Memory), $"{Memory} bytes is below {Least}");
        Require(Memory is null or <= long.MaxValue / 2, nameof(Memory), $"{Memory} bytes is more than any machine has");

        if (MemorySwap is not (null or -1))
        {
            Require(Memory > 0, nameof(MemorySwap), "memory and swap together cannot be limited without a memory limit");
            Require(
                MemorySwap >= Memory,
                nameof(MemorySwap),
                $"{MemorySwap} bytes is for memory and swap together, and below the memory limit {Memory}");
        }

        if (MemoryReservation is not null)
        {
            Require(MemoryReservation >= LeastMemory, nameof(MemoryReservation), $"{MemoryReservation} bytes is below {Least}");
            Require(
                Memory is null or -1 || MemoryReservation <= Memory,
                nameof(MemoryReservation),
                $"{MemoryReservation} bytes is above the memory limit {Memory}");
        }
    }

    private void CheckCpu(CpuList online)
    {
        if (Cpus is { } cpus)
        {
            // The kernel's least quota is 1 ms, a hundredth of the period.
            var text = cpus.ToString(CultureInfo.InvariantCulture);
            Require(cpus >= 0.01, nameof(Cpus), $"{text} is below the least share of a CPU, 0.01");
            Require(cpus <= online.Count, nameof(Cpus), $"{text} is more than this machine has: {online.Count} CPUs");
        }

        Require(CpuShares is null or (>= 2 and <= 262144), nameof(CpuShares), $"{CpuShares} is not between 2 and 262144");

        if (CpuSet is { } set)
        {
            var list = CpuList.TryParse(set);
            Require(list is not null, nameof(CpuSet), $"'{set}' is not a list such as 0-3,7");
            var absent = list!.Except(online);
            Require(absent.Count == 0, nameof(CpuSet), $"this machine has no CPU {string.Join(", ", absent)}");
        }

        Require(
            CpusetMems is null || CpuList.TryParse(CpusetMems) is not null,
            nameof(CpusetMems),
            $"'{CpusetMems}' is not a list such as 0-3,7");
    }

    private static void Require(bool condition, string limit, string cause)
    {
        if (!condition)
        {
            throw new InvalidSettingException(limit, cause);
        }
    }
}
