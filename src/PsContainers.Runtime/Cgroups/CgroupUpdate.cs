using System.Globalization;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>New limits for a container that runs: all of them hold afterwards, or those from before do.</summary>
public sealed class CgroupUpdate
{
    private readonly IReadOnlyList<FileValue> _before;
    private readonly IReadOnlyList<FileValue> _after;

    private CgroupUpdate(IReadOnlyList<FileValue> after)
    {
        _before = [.. after.Select(value => value.AsItIs())];
        _after = after;
    }

    /// <summary>Writes the limits that are given into the container's groups; what is left out stays as it is.</summary>
    /// <param name="path">The container's control group, <c>linux.cgroupsPath</c>.</param>
    /// <param name="changes">Rules for devices in it are not looked at: they hold for the life of a container.</param>
    /// <exception cref="InvalidSettingException">A limit contradicts itself, or the container's groups cannot hold it.</exception>
    /// <exception cref="LinuxException">The kernel refused a value; everything is as it was.</exception>
    public static CgroupUpdate Apply(CgroupHierarchies hierarchies, string path, LinuxResources changes)
    {
        // Everything is allowed here so that nothing has to be written about devices.
        var wanted = changes with { Devices = [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }] };
        var memory = CgroupPlan.Build(hierarchies, path, new LinuxResources()).Find("memory");
        wanted = wanted with { Memory = Complete(changes.Memory, memory) };
        var plan = CgroupPlan.Build(hierarchies, path, wanted);
        MakeRoom(changes.Memory, memory);
        Enable(plan);

        FileValue[] after = [.. plan.Directories.Where(d => d.Role == CgroupRole.Container).SelectMany(d => Values(d, changes))];
        var update = new CgroupUpdate(after);
        try
        {
            WriteAll(after);
        }
        catch
        {
            update.Undo();
            throw;
        }

        return update;
    }

    /// <summary>The limits that were written as the kernel has them now: also the half of a value that was left out.</summary>
    public IReadOnlyList<CgroupWrite> Written() =>
        [.. _after.Select(value => value.AsItIs()).Select(value => new CgroupWrite(Path.GetFileName(value.Path), value.Value))];

    /// <summary>Puts the former limits back, as far as the container is still there.</summary>
    public void Undo()
    {
        try
        {
            WriteAll(_before);
        }
        catch (LinuxException)
        {
            // Nothing more can be done; whoever undoes has an error to report already.
        }
    }

    // Version 1 never lets memory exceed memory plus swap, quota and period bound each other, and a burst the quota: which write must
    // come first depends on what is raised and what is lowered. So what is refused is tried again after the others.
    private static void WriteAll(IReadOnlyList<FileValue> values)
    {
        for (var waiting = values; waiting.Count > 0;)
        {
            LinuxException? first = null;
            var refused = new List<FileValue>();
            foreach (var value in waiting)
            {
                if (value.TryWrite() is { } failure)
                {
                    first ??= failure;
                    refused.Add(value);
                }
            }

            waiting = refused.Count < waiting.Count ? refused : throw first!;
        }
    }

    private static IEnumerable<FileValue> Values(CgroupDirectory directory, LinuxResources changes)
    {
        var writes = directory.Writes.Where(write => IsMeant(write, changes)).ToList();
        if (writes.Count > 0 && !directory.Unified && !Directory.Exists(directory.Path))
        {
            throw new InvalidSettingException(
                $"linux.resources.{(directory.Controllers.Contains("cpuset") ? "cpu.cpus" : directory.Controllers[0])}",
                $"the container was started outside of the controller '{directory.Controllers[0]}' and cannot enter it while it runs");
        }

        return writes
            .Select(write => new FileValue($"{directory.Path}/{write.File}", write.Value, write.Optional))
            .Where(value => !value.IsOptional || File.Exists(value.Path));
    }

    // At a start an empty cpuset is filled; here it holds something already.
    private static bool IsMeant(CgroupWrite write, LinuxResources changes) => write.File switch
    {
        "cpuset.cpus" => changes.Cpu?.Cpus is { Length: > 0 },
        "cpuset.mems" => changes.Cpu?.Mems is { Length: > 0 },
        _ => !write.File.StartsWith("devices.", StringComparison.Ordinal),
    };

    // Swap means both together, which says nothing without the memory limit it belongs to; and no limit for memory is none for both.
    private static LinuxMemory? Complete(LinuxMemory? memory, CgroupDirectory? group) => memory switch
    {
        { Limit: -1, Swap: null or 0 } => memory with { Swap = -1 },
        { Limit: null or 0, Swap: > 0 } => memory with { Limit = Current(group, "memory.max", "memory.limit_in_bytes") },
        _ => memory,
    };

    // Version 1 frees what it can and refuses the rest; version 2 would kill the container to make a lower limit true.
    private static void MakeRoom(LinuxMemory? memory, CgroupDirectory? group)
    {
        if (memory is not { CheckBeforeUpdate: true, Limit: > 0 } || group is null || Usage() <= memory.Limit)
        {
            return;
        }

        if (group.Unified)
        {
            // Since Linux 5.19; short of the whole it says EAGAIN.
            new FileValue($"{group.Path}/memory.reclaim", CgroupValue.Of(Usage() - memory.Limit.Value), IsOptional: true).TryWrite();
            if (Usage() > memory.Limit)
            {
                throw new InvalidSettingException("linux.resources.memory.limit", $"{memory.Limit} is below the {Usage()} bytes in use");
            }
        }

        long Usage() => Current(group, "memory.current", "memory.usage_in_bytes") ?? 0;
    }

    private static long? Current(CgroupDirectory? group, string version2, string version1)
    {
        var path = group is null ? "" : Path.Join(group.Path, group.Unified ? version2 : version1);
        return File.Exists(path)
            && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : null;
    }

    // A controller that the container did without so far: it counts and limits from now on.
    private static void Enable(CgroupPlan plan)
    {
        foreach (var directory in plan.Directories.Where(d => d is { Unified: true, Role: not CgroupRole.Container }))
        {
            foreach (var write in directory.Writes)
            {
                if (new FileValue($"{directory.Path}/{write.File}", write.Value).TryWrite() is { } failure)
                {
                    throw failure;
                }
            }
        }
    }
}
