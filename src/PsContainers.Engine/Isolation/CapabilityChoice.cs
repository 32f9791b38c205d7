using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Engine.Isolation;

/// <summary>Which capabilities a container gets: Docker's fourteen, with those added and without those dropped.</summary>
internal static class CapabilityChoice
{
    private const string All = "ALL";

    /// <summary>The names as the kernel has them, <c>CAP_NET_ADMIN</c>, or <c>ALL</c>.</summary>
    public static IReadOnlyList<string>? Normalize(IReadOnlyList<string>? names) =>
        names is null or [] ? null : [.. names.Select(Normalize).Distinct()];

    /// <summary>Finds contradictions, and what this process does not have and so cannot give.</summary>
    public static void Check(IReadOnlyList<string>? added, IReadOnlyList<string>? dropped)
    {
        if ((added ?? []).Intersect(dropped ?? []).FirstOrDefault() is { } both)
        {
            throw EngineErrors.InvalidCapability(both, $"'{both}' is both added and dropped");
        }

        var self = CapabilitySet.OfSelf;
        if ((added ?? []).FirstOrDefault(name => name != All && !CapabilitySet.Contains(self, name)) is { } missing)
        {
            throw EngineErrors.InvalidCapability(missing, $"'{missing}' cannot be given: the engine itself runs without it");
        }
    }

    /// <summary>The set as bits (see <see cref="CapabilitySet"/>).</summary>
    public static ulong Of(ContainerSettings settings)
    {
        if (settings.Privileged)
        {
            return CapabilitySet.OfSelf;
        }

        var (added, dropped) = (settings.CapAdd ?? [], settings.CapDrop ?? []);
        if (added.Contains(All))
        {
            return CapabilitySet.OfSelf & ~CapabilitySet.Parse(dropped);
        }

        var kept = dropped.Contains(All) ? 0 : CapabilitySet.Default & ~CapabilitySet.Parse(dropped);
        return kept | CapabilitySet.Parse(added);
    }

    private static string Normalize(string name)
    {
        var upper = name.Trim().ToUpperInvariant();
        if (upper is All or "CAP_ALL")
        {
            return All;
        }

        try
        {
            return CapabilitySet.All[CapabilitySet.Bit(upper)];
        }
        catch (InvalidSettingException)
        {
            throw EngineErrors.InvalidCapability(name, $"'{name}' is not a Linux capability; see capabilities(7) for the names");
        }
    }
}
