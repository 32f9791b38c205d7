using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>process.rlimits as steps, and the numbers of setrlimit(2)'s resources; x86-64 and arm64 share them.</summary>
public static class ResourceLimit
{
    /// <summary>The resources by the names that ulimit(1), Docker and podman give them: <c>nofile</c>.</summary>
    public static IReadOnlyList<string> ShortNames { get; } =
    [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    /// <summary>The name in config.json: <c>RLIMIT_NOFILE</c>.</summary>
    public static string LongName(string shortName) => $"RLIMIT_{shortName.ToUpperInvariant()}";

    internal static IReadOnlyList<LaunchStep> Build(IReadOnlyList<PosixRlimit>? limits)
    {
        var steps = new List<SetLimit>();
        foreach (var (index, limit) in (limits ?? []).Index())
        {
            var number = Number(limit.Type, index);
            if (steps.Any(step => step.Resource == number))
            {
                throw new InvalidSettingException($"process.rlimits[{index}].type", $"{limit.Type} stands in the list twice");
            }

            if (limit.Soft > limit.Hard)
            {
                throw new InvalidSettingException(
                    $"process.rlimits[{index}].soft", $"{limit.Soft} is above the hard limit {limit.Hard} of {limit.Type}");
            }

            steps.Add(new SetLimit(limit.Type, number, limit.Soft, limit.Hard));
        }

        return steps;
    }

    internal static uint Number(string name, int index) => name switch
    {
        "RLIMIT_CPU" => 0,
        "RLIMIT_FSIZE" => 1,
        "RLIMIT_DATA" => 2,
        "RLIMIT_STACK" => 3,
        "RLIMIT_CORE" => 4,
        "RLIMIT_RSS" => 5,
        "RLIMIT_NPROC" => 6,
        "RLIMIT_NOFILE" => 7,
        "RLIMIT_MEMLOCK" => 8,
        "RLIMIT_AS" => 9,
        "RLIMIT_LOCKS" => 10,
        "RLIMIT_SIGPENDING" => 11,
        "RLIMIT_MSGQUEUE" => 12,
        "RLIMIT_NICE" => 13,
        "RLIMIT_RTPRIO" => 14,
        "RLIMIT_RTTIME" => 15,
        _ => throw new InvalidSettingException($"process.rlimits[{index}].type", $"'{name}' is no resource limit"),
    };
}
