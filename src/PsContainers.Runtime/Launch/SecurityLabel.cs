using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>process.apparmorProfile and process.selinuxLabel: what the kernel confines the command by.</summary>
internal static class SecurityLabel
{
    /// <summary>Whether a label is asked for; only then is the machine looked at.</summary>
    internal static bool IsWanted(ProcessSpec process) =>
        process.ApparmorProfile is { Length: > 0 } || process.SelinuxLabel is { Length: > 0 };

    internal static IReadOnlyList<LaunchStep> Build(ProcessSpec process) =>
        IsWanted(process) ? Build(process, SecurityModules.OfThisMachine) : [];

    /// <exception cref="InvalidSettingException">The machine does not have the module that a label is for.</exception>
    internal static IReadOnlyList<LaunchStep> Build(ProcessSpec process, SecurityModules modules)
    {
        var steps = new List<LaunchStep>();
        if (process.ApparmorProfile is { Length: > 0 } profile && (modules.AppArmor || profile != "unconfined"))
        {
            Require(modules.AppArmor, "process.apparmorProfile", "AppArmor");
            steps.Add(new SetExecLabel("process.apparmorProfile", Checked(profile, "process.apparmorProfile"), IsAppArmor: true));
        }

        if (process.SelinuxLabel is { Length: > 0 } label)
        {
            Require(modules.SeLinux, "process.selinuxLabel", "SELinux");
            steps.Add(new SetExecLabel("process.selinuxLabel", Checked(label, "process.selinuxLabel"), IsAppArmor: false));
        }

        return steps;
    }

    internal static void Require(bool isEnabled, string setting, string module)
    {
        if (!isEnabled)
        {
            throw new InvalidSettingException(setting, $"{module} is not enabled on this machine");
        }
    }

    private static string Checked(string label, string setting) => label.Any(char.IsControl)
        ? throw new InvalidSettingException(setting, "contains a control character")
        : label;
}
