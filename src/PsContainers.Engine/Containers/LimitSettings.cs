using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Containers;

/// <summary>A container's limits, in the form that RUNTIME checks and writes.</summary>
internal static class LimitSettings
{
    public static ResourceLimits Of(ContainerSettings settings) => new()
    {
        Memory = settings.Memory,
        MemorySwap = settings.MemorySwap,
        MemoryReservation = settings.MemoryReservation,
        Cpus = settings.Cpus,
        CpuShares = settings.CpuShares,
        CpuSet = settings.CpuSet,
        PidsLimit = settings.PidsLimit,
    };

    /// <summary>The settings with the new limits in the place of the old.</summary>
    public static ContainerSettings With(ContainerSettings settings, ContainerUpdate update) => settings with
    {
        Memory = update.Memory ?? settings.Memory,
        MemorySwap = update.MemorySwap ?? settings.MemorySwap,
        MemoryReservation = update.MemoryReservation ?? settings.MemoryReservation,
        Cpus = update.Cpus ?? settings.Cpus,
        CpuShares = update.CpuShares ?? settings.CpuShares,
        CpuSet = update.CpuSet ?? settings.CpuSet,
        PidsLimit = update.PidsLimit ?? settings.PidsLimit,
    };

    /// <exception cref="ContainerEngineException">InvalidLimit: this machine cannot hold the container to one of them.</exception>
    public static void Check(ContainerSettings settings)
    {
        var limits = Of(settings);
        if (limits == new ResourceLimits())
        {
            return;
        }

        try
        {
            limits.Check(CpuList.Online());

            // A machine may lack the controller; better said now than at the start.
            CgroupPlan.Build(CgroupHierarchies.OfSelf(), "/pscontainers/check", limits.ToLinuxResources());
        }
        catch (InvalidSettingException e)
        {
            throw EngineErrors.InvalidLimit(e.Setting, e.Message, e);
        }
    }
}
