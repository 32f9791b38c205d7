using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Seccomp;

/// <summary>Compiles a seccomp profile into the classic BPF program that seccomp(2) loads.</summary>
// The number is found by binary search over ranges of equal decisions, not by one comparison per call: the kernel runs the program for
// every call number once when it is loaded (its cache of allowed calls), so fewer steps make the start of a container faster too.
public static class SeccompCompiler
{
    private const int LargestProgram = 4096; // BPF_MAXINSNS

    // struct seccomp_data: int nr at 0, u32 arch at 4.
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;

    /// <returns>An array of struct sock_filter, eight bytes each, little endian.</returns>
    /// <exception cref="InvalidSettingException">The profile cannot be expressed; the message names the member.</exception>
    public static byte[] Compile(LinuxSeccomp profile) => Compile(profile, SeccompArchitecture.Native);

    public static byte[] Compile(LinuxSeccomp profile, SeccompArchitecture native)
    {
        var defaultAnswer = SeccompAnswer.Of(profile.DefaultAction, profile.DefaultErrnoRet, "linux.seccomp.defaultErrnoRet");
        var program = new BpfBuilder();

        // A call through an architecture that the profile does not list would slip past its numbers.
        var start = BpfBuilder.Return(SeccompAnswer.KillProcess);
        foreach (var architecture in Architectures(profile, native).Reverse())
        {
            var decisions = new SyscallDecisions(profile, architecture, defaultAnswer);
            var search = AddSearch(program, decisions.Ranges, 0, decisions.Ranges.Count, defaultAnswer);
            start = program.Jump(BpfTest.Equal, architecture.AuditNumber, program.Load(NumberOffset, search), start);
        }

        var bytes = program.Encode(program.Load(ArchitectureOffset, start));
        return program.Count <= LargestProgram
            ? bytes
            : throw new InvalidSettingException(
                "linux.seccomp.syscalls",
                $"the rules make a program of {program.Count} instructions, and the kernel takes {LargestProgram}");
    }

    // The native one comes first, and so do its calls. The others of the list are those that profiles name for every machine: what this
    // kernel does not run makes no calls, and what there is no table for (x32, 32-bit arm) is not let through.
    private static IEnumerable<SeccompArchitecture> Architectures(LinuxSeccomp profile, SeccompArchitecture native)
    {
        foreach (var (index, name) in (profile.Architectures ?? []).Index())
        {
            if (!SeccompArchitecture.KnownNames.Contains(name))
            {
                throw new InvalidSettingException($"linux.seccomp.architectures[{index}]", $"'{name}' is no architecture");
            }
        }

        return native.Compatible.Where(a => profile.Architectures?.Contains(a.Name) is true).Prepend(native);
    }

    private static BpfBuilder.Target AddSearch(
        BpfBuilder program, IReadOnlyList<(uint Start, SyscallDecisions.Decision Decision)> ranges, int from, int to, uint defaultAnswer)
    {
        if (to - from == 1)
        {
            return AddDecision(program, ranges[from].Decision, defaultAnswer);
        }

        var middle = (from + to) / 2;
        var upper = AddSearch(program, ranges, middle, to, defaultAnswer);
        var lower = AddSearch(program, ranges, from, middle, defaultAnswer);
        return program.Jump(BpfTest.GreaterOrEqual, ranges[middle].Start, upper, lower);
    }

    private static BpfBuilder.Target AddDecision(BpfBuilder program, SyscallDecisions.Decision decision, uint defaultAnswer)
    {
        if (decision.Always is { } answer)
        {
            return BpfBuilder.Return(answer);
        }

        // Backwards: each rule's failure leads to the rule after it, each condition's success to the condition after it.
        var otherwise = BpfBuilder.Return(defaultAnswer);
        foreach (var (conditions, ruleAnswer) in decision.Conditional.Reverse())
        {
            var then = BpfBuilder.Return(ruleAnswer);
            foreach (var condition in conditions.Reverse())
            {
                then = ArgumentTest.Add(program, condition, then, otherwise);
            }

            otherwise = then;
        }

        return otherwise;
    }
}
