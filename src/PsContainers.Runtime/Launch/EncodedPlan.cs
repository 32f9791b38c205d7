using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Launch;

/// <summary>What can be learnt from a plan that was encoded earlier.</summary>
public static class EncodedPlan
{
    /// <summary>The filter that the container's first process loads, which saves a command in it from compiling it again.</summary>
    /// <returns>False when another version of this program wrote the plan.</returns>
    public static bool TryReadFilter(ReadOnlySpan<byte> plan, out SystemCallFilter? filter)
    {
        filter = null;
        if (plan.Length < Unsafe.SizeOf<PlanHeader>())
        {
            return false;
        }

        var header = MemoryMarshal.Read<PlanHeader>(plan);
        if (header.Magic != PlanHeader.ExpectedMagic || header.Version != PlanHeader.ExpectedVersion || header.Size != plan.Length)
        {
            return false;
        }

        var steps = plan.Slice((int)header.ContainerSteps, (int)header.ContainerStepCount * Unsafe.SizeOf<PlanStep>());
        foreach (var step in MemoryMarshal.Cast<byte, PlanStep>(steps))
        {
            if (step.Kind == StepKind.LoadSeccomp)
            {
                var program = plan.Slice((int)step.A, (int)step.Value * LoadSeccomp.InstructionSize).ToArray();
                filter = new(program, step.Flags, Text(plan, header.SeccompAgent), Text(plan, header.SeccompMetadata));
                break;
            }
        }

        return true;
    }

    private static string? Text(ReadOnlySpan<byte> plan, uint offset)
    {
        if (offset == 0)
        {
            return null;
        }

        var text = plan[(int)offset..];
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }
}
