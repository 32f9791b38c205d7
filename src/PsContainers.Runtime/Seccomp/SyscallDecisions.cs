using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Seccomp;

/// <summary>What a profile decides for each system call number of one architecture, as ranges of numbers with the same decision.</summary>
sealed class SyscallDecisions
{
    // x32 calls carry this bit in their number and share AUDIT_ARCH_X86_64 (asm/unistd.h, __X32_SYSCALL_BIT).
    const uint X32Bit = 0x40000000;

    readonly Dictionary<uint, Decision> _byNumber = [];

    public SyscallDecisions(LinuxSeccomp profile, SeccompArchitecture architecture, uint defaultAnswer)
    {
        foreach (var (index, rule) in (profile.Syscalls ?? []).Index())
        {
            var setting = $"linux.seccomp.syscalls[{index}]";
            var answer = SeccompAnswer.Of(rule.Action, rule.ErrnoRet, $"{setting}.errnoRet");
            if (rule.Args?.FirstOrDefault(condition => condition.Index > 5) is { } beyond)
            {
                throw new InvalidSettingException($"{setting}.args.index", $"{beyond.Index} is above 5: a system call has six arguments");
            }

            // A name unknown here belongs to another architecture or a newer kernel; the default answers for it.
            foreach (var name in rule.Names)
            {
                if (architecture.Numbers.TryGetValue(name, out var number))
                {
                    Add(number, rule.Args ?? [], answer);
                }
            }
        }

        Ranges = [.. FindRanges(architecture, defaultAnswer)];
    }

    /// <summary>In ascending order; the first starts at nought and each ends where the next starts.</summary>
    public IReadOnlyList<(uint Start, Decision Decision)> Ranges { get; }

    // As with libseccomp, a rule without conditions prevails over those with, and of several the first counts.
    void Add(uint number, IReadOnlyList<LinuxSeccompArg> conditions, uint answer)
    {
        if (!_byNumber.TryGetValue(number, out var decision))
        {
            decision = _byNumber[number] = new Decision();
        }

        if (conditions.Count == 0)
        {
            decision.Always ??= answer;
        }
        else
        {
            decision.Conditional.Add((conditions, answer));
        }
    }

    IEnumerable<(uint Start, Decision Decision)> FindRanges(SeccompArchitecture architecture, uint defaultAnswer)
    {
        var byDefault = new Decision { Always = defaultAnswer };
        var current = byDefault;
        var next = 0u;
        yield return (0, _byNumber.GetValueOrDefault(0u, byDefault));
        foreach (var (number, decision) in _byNumber.OrderBy(entry => entry.Key))
        {
            if (number > next && !current.Equals(byDefault))
            {
                yield return (next, current = byDefault);
            }

            if (number > 0 && !current.Equals(decision))
            {
                yield return (number, decision);
            }

            current = decision;
            next = number + 1;
        }

        if (!current.Equals(byDefault))
        {
            yield return (next, byDefault);
        }

        if (architecture == SeccompArchitecture.X64)
        {
            yield return (X32Bit, new Decision { Always = SeccompAnswer.NotImplemented });
        }
    }

    /// <summary>An answer for every call of the number, or else rules in turn, of which the first that fits answers.</summary>
    public sealed class Decision : IEquatable<Decision>
    {
        public uint? Always { get; set; }

        public List<(IReadOnlyList<LinuxSeccompArg> Conditions, uint Answer)> Conditional { get; } = [];

        // Decisions that look at arguments are never merged: they are few.
        public bool Equals(Decision? other) => ReferenceEquals(this, other) || (Always is not null && Always == other?.Always);

        public override bool Equals(object? obj) => Equals(obj as Decision);

        public override int GetHashCode() => Always.GetHashCode();
    }
}
