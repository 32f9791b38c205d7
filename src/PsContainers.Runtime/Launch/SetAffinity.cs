using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>Binds the process to processors: one bit each, eight to a byte. sched_setaffinity(2)</summary>
public sealed record SetAffinity(string Setting, string List) : LaunchStep
{
    internal override StepKind Kind => StepKind.SetAffinity;

    internal override string Description => $"{Setting} {List}";

    /// <summary>process.execCPUAffinity: before the command has entered the container's groups, and after.</summary>
    /// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-process</remarks>
    internal static SetAffinity[] Initial(ProcessSpec process) => Of("initial", process.ExecCpuAffinity?.Initial);

    internal static SetAffinity[] Final(ProcessSpec process) => Of("final", process.ExecCpuAffinity?.Final);

    internal override void Encode(PlanWriter writer, ref PlanStep step)
    {
        int[] processors = [.. CpuList.Parse(List)];
        var mask = new byte[((processors.Max() / 64) + 1) * sizeof(ulong)];
        foreach (var processor in processors)
        {
            mask[processor / 8] |= (byte)(1 << (processor % 8));
        }

        step.A = writer.Blob(mask);
        step.Value = (ulong)mask.Length;
    }

    private static SetAffinity[] Of(string name, string? list)
    {
        var setting = $"process.execCPUAffinity.{name}";
        return string.IsNullOrEmpty(list) ? []
            : CpuList.TryParse(list) is null ? throw new InvalidSettingException(setting, $"'{list}' is not a list such as 0-3,7")
            : [new SetAffinity(setting, list)];
    }
}
