using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Seccomp;

/// <summary>A profile compiled to what the kernel loads. seccomp(2)</summary>
/// <param name="Program">Classic BPF instructions of 8 bytes.</param>
/// <param name="Flags">SECCOMP_FILTER_FLAG_*.</param>
/// <param name="Agent">Socket of the process that answers some of the calls; null where there are none such.</param>
/// <param name="AgentMetadata">What the agent is told besides the state: a JSON text with its quotes.</param>
public sealed record SystemCallFilter(ReadOnlyMemory<byte> Program, uint Flags, string? Agent, string? AgentMetadata)
{
    /// <exception cref="InvalidSettingException">Names the member of the profile that cannot be used, and why.</exception>
    public static SystemCallFilter? Compile(LinuxSeccomp? profile)
    {
        if (profile is null)
        {
            return null;
        }

        var agent = SeccompFlags.HasListener(profile) ? profile : null;
        return new(
            SeccompCompiler.Compile(profile),
            SeccompFlags.Of(profile),
            agent?.ListenerPath,
            ContainerStateText.Quote(agent?.ListenerMetadata));
    }
}
