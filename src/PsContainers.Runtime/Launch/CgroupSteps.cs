using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>A container's control groups as steps: the supervisor makes and limits them, the container's process enters them.</summary>
internal static class CgroupSteps
{
    /// <param name="scope">
    /// The scope that the groups are: systemd makes them around a process that is there, so all of this comes after the birth.
    /// </param>
    internal static IReadOnlyList<LaunchStep> Supervisor(CgroupPlan plan, ScopeRegistration? scope)
    {
        var steps = new List<LaunchStep>(scope?.Steps ?? []);
        foreach (var directory in plan.Directories)
        {
            if (directory.Role != CgroupRole.Root)
            {
                steps.Add(new MakeCgroup(directory.Path, directory.Role == CgroupRole.Parent, MayExist: scope is not null));
            }

            steps.AddRange(directory.Writes.Select(
                write => new WriteFile($"{directory.Path}/{write.File}", write.Value, write.Optional, write.OnlyWhenCreated)));
        }

        if (plan.DeviceProgram is not null && plan.Unified is not null)
        {
            steps.Add(new AttachDeviceProgram(plan.Unified.Path, plan.DeviceProgram));
        }

        return steps;
    }

    // The version 2 group is entered at birth (CLONE_INTO_CGROUP).
    internal static IEnumerable<JoinCgroup> Container(CgroupPlan plan) => plan.Directories
        .Where(directory => directory is { Role: CgroupRole.Container, Unified: false })
        .Select(directory => new JoinCgroup($"{directory.Path}/tasks"));

    internal static string? OomFile(CgroupPlan plan) =>
        plan.Find("memory") is { } memory ? $"{memory.Path}/{(memory.Unified ? "memory.events" : "memory.oom_control")}" : null;
}
