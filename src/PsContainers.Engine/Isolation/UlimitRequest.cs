using System.Globalization;
using PsContainers.Engine.Errors;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Isolation;

/// <summary>Limits of processes as Docker writes them: <c>nofile</c> to <c>1024:2048</c>, soft and hard; one number is both.</summary>
internal static class UlimitRequest
{
    /// <exception cref="ContainerEngineException">InvalidUlimit</exception>
    public static IEnumerable<PosixRlimit> Resolve(IReadOnlyDictionary<string, string>? limits) =>
        (limits ?? new Dictionary<string, string>()).Select(limit => Resolve(limit.Key, limit.Value));

    private static PosixRlimit Resolve(string name, string value)
    {
        var known = name.ToLowerInvariant();
        if (!ResourceLimit.ShortNames.Contains(known))
        {
            throw EngineErrors.InvalidUlimit(name, $"'{name}' is none of {string.Join(", ", ResourceLimit.ShortNames)}");
        }

        var parts = value.Split(':');
        var soft = Number(parts[0]);
        var hard = parts.Length == 1 ? soft : Number(parts[1]);
        if (parts.Length > 2 || soft is null || hard is null)
        {
            throw EngineErrors.InvalidUlimit(name, $"{name}: '{value}' is not SOFT[:HARD] with numbers or 'unlimited'");
        }

        return soft <= hard
            ? new PosixRlimit(ResourceLimit.LongName(known), hard.Value, soft.Value)
            : throw EngineErrors.InvalidUlimit(name, $"{name}: the soft limit {parts[0]} is above the hard limit {parts[1]}");
    }

    private static ulong? Number(string text) => text is "-1" or "unlimited"
        ? ulong.MaxValue
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
