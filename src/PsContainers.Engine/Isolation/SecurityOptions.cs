using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Isolation;

/// <summary>Security options as Docker and podman write them: <c>seccomp=unconfined</c>, <c>no-new-privileges</c>.</summary>
internal sealed record SecurityOptions
{
    private const string Unconfined = "unconfined";

    /// <summary>Null: as the engine does otherwise.</summary>
    public bool? NoNewPrivileges { get; init; }

    /// <summary>A profile's file; null means the engine's own profile.</summary>
    public string? SeccompFile { get; init; }

    public bool IsSeccompOff { get; init; }

    /// <summary>Nothing of <c>/proc</c> and <c>/sys</c> is masked or read-only.</summary>
    public bool AreSystemPathsOpen { get; init; }

    /// <summary>A profile that is loaded on the host; null leaves the process in the engine's own.</summary>
    public string? Apparmor { get; init; }

    /// <summary>The whole SELinux context <c>user:role:type:level</c>, or null.</summary>
    public string? SelinuxLabel { get; init; }

    /// <exception cref="ContainerEngineException">InvalidSecurityOption</exception>
    public static SecurityOptions Parse(IEnumerable<string>? options)
    {
        var result = new SecurityOptions();
        foreach (var option in options ?? [])
        {
            // Docker wrote a colon once, and still takes it.
            var at = option.AsSpan().IndexOfAny('=', ':');
            var (key, value) = at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
            result = key switch
            {
                "no-new-privileges" => result with { NoNewPrivileges = Flag(option, value) },
                "seccomp" => Seccomp(result, option, value),
                "apparmor" => result with { Apparmor = ApparmorOf(option, value) },
                "systempaths" when value == Unconfined => result with { AreSystemPathsOpen = true },
                "label" => result with { SelinuxLabel = LabelOf(result, option, value) },
                _ => throw EngineErrors.InvalidSecurityOption(
                    option,
                    "is none of no-new-privileges[=true|false], seccomp=unconfined|FILE, apparmor=PROFILE, label=disable|type:TYPE …, "
                    + "systempaths=unconfined"),
            };
        }

        return result;
    }

    private static bool Flag(string option, string? value) => value switch
    {
        null or "true" => true,
        "false" => false,
        _ => throw EngineErrors.InvalidSecurityOption(option, "is neither true nor false"),
    };

    private static SecurityOptions Seccomp(SecurityOptions options, string option, string? value) => value switch
    {
        null or "" => throw EngineErrors.InvalidSecurityOption(option, "names no profile"),
        Unconfined => options with { IsSeccompOff = true, SeccompFile = null },
        "builtin" or "default" => options with { IsSeccompOff = false, SeccompFile = null },
        _ => options with { IsSeccompOff = false, SeccompFile = value },
    };

    private static string? ApparmorOf(string option, string? value) => value switch
    {
        null or "" => throw EngineErrors.InvalidSecurityOption(option, "names no profile"),
        Unconfined when !HasApparmor() => null,
        _ when !HasApparmor() => throw EngineErrors.InvalidSecurityOption(option, "asks for AppArmor, which this kernel does not run"),
        _ => value,
    };

    // Each option changes one part; podman's and Docker's contexts begin as this one.
    private static string? LabelOf(SecurityOptions options, string option, string? value)
    {
        if (value == "disable")
        {
            return null;
        }

        var colon = value?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var index = colon < 0 ? -1 : Array.IndexOf(["user", "role", "type", "level"], value![..colon]);
        if (index < 0 || colon == value!.Length - 1)
        {
            throw EngineErrors.InvalidSecurityOption(option, "is none of label=disable, user:USER, role:ROLE, type:TYPE, level:LEVEL");
        }

        if (!Directory.Exists("/sys/fs/selinux"))
        {
            throw EngineErrors.InvalidSecurityOption(option, "asks for SELinux, which this kernel does not run");
        }

        var parts = (options.SelinuxLabel ?? "system_u:system_r:container_t:s0").Split(':', 4);
        parts[index] = value[(colon + 1)..];
        return string.Join(':', parts);
    }

    private static bool HasApparmor()
    {
        const string Enabled = "/sys/module/apparmor/parameters/enabled";
        return File.Exists(Enabled) && File.ReadAllText(Enabled).StartsWith('Y');
    }
}
