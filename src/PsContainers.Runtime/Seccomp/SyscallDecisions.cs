using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Seccomp;

/// <summary>What a profile decides for each system call number of one architecture, as ranges of numbers with the same decision.</summary>
internal sealed class SyscallDecisions
{
    // x32 calls carry this bit in their number and share AUDIT_ARCH_X86_64 (asm/unistd.h, __X32_SYSCALL_BIT).
    private const uint X32Bit = 0x40000000;

    private readonly Decision?[] _byNumber;

    public SyscallDecisions(LinuxSeccomp profile, SeccompArchitecture architecture, uint defaultAnswer)
    {
        _byNumber = new Decision?[architecture.Newest + 1];
        foreach (var (index, rule) in (profile.Syscalls ?? []).Index())
        {
            var decision = Read(rule, $"linux.seccomp.syscalls[{index}]");

            // A name unknown here belongs to another architecture or a newer kernel; the default answers for it.
            foreach (var name in rule.Names)
            {
                if (architecture.Numbers.TryGetValue(name, out var number))
                {
                    _byNumber[number] = Combine(_byNumber[number], decision);
                }
            }
        }

        Ranges = [.. FindRanges(architecture, Decision.Of(defaultAnswer))];
    }

    /// <summary>In ascending order; the first starts at nought and each ends where the next starts.</summary>
    public IReadOnlyList<(uint Start, Decision Decision)> Ranges { get; }

    private static Decision Read(LinuxSyscall rule, string setting)
    {
        var answer = SeccompAnswer.Of(rule.Action, rule.ErrnoRet, $"{setting}.errnoRet");
        if (rule.Args?.FirstOrDefault(condition => condition.Index > 5) is { } beyond)
        {
            throw new InvalidSettingException($"{setting}.args.index", $"{beyond.Index} is above 5: a system call has six arguments");
        }

        return rule.Args is null or [] ? Decision.Of(answer) : new Decision(null, [(rule.Args, answer)]);
    }

    // As with libseccomp, a rule without conditions prevails over those with, and of several the first counts.
    private static Decision Combine(Decision? known, Decision added) => (known, added) switch
    {
        (null, _) => added,
        ({ Always: not null }, _) => known,
        (_, { Always: not null }) => added,
        _ => new Decision(null, [.. known.Conditional, .. added.Conditional]),
    };

    private IEnumerable<(uint Start, Decision Decision)> FindRanges(SeccompArchitecture architecture, Decision byDefault)
    {
        Decision? current = null;
        for (var number = 0u; number < _byNumber.Length; number++)
        {
            var decision = _byNumber[number] ?? byDefault;
            if (!decision.SameAs(current))
            {
                yield return (number, current = decision);
            }
        }

        if (!byDefault.SameAs(current))
        {
            yield return ((uint)_byNumber.Length, byDefault);
        }

        if (architecture == SeccompArchitecture.X64)
        {
            yield return (X32Bit, Decision.Of(SeccompAnswer.NotImplemented));
        }
    }

    /// <summary>An answer for every call of the number, or else rules in turn, of which the first that fits answers.</summary>
    public sealed class Decision(uint? always, IReadOnlyList<(IReadOnlyList<LinuxSeccompArg> Conditions, uint Answer)> conditional)
    {
        public uint? Always { get; } = always;

        public IReadOnlyList<(IReadOnlyList<LinuxSeccompArg> Conditions, uint Answer)> Conditional { get; } = conditional;

        public static Decision Of(uint answer) => new(answer, []);

        public bool SameAs(Decision? other) => ReferenceEquals(this, other) || (Always is not null && Always == other?.Always);
    }
}
