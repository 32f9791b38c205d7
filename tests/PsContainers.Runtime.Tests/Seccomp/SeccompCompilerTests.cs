using CsCheck;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint Eperm = 0x00050001;
    private const uint Enosys = 0x00050000 + 38;
    private const uint KillProcess = 0x80000000;

    // Around the borders of both halves of an argument.
    private static readonly ulong[] _values =
    [
        0, 1, 2, 37, 38, 40, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 0x1_00000000, 0x1_00000001, 0x1_00000026,
        0x7FFFFFFF_FFFFFFFF, 0x80000000_00000000, 0xFFFFFFFF_00000000, 0xFFFFFFFF_FFFFFFFF,
    ];

    private static readonly LinuxSeccomp _oneCall = new()
    {
        DefaultAction = SeccompAction.Errno,
        Syscalls = [new LinuxSyscall { Names = ["getpid", "no_such_call"], Action = SeccompAction.Allow }],
    };

    [Theory]
    [InlineData(39u, Allow)] // getpid
    [InlineData(40u, Eperm)]
    [InlineData(38u, Eperm)]
    [InlineData(0u, Eperm)]
    [InlineData(9999u, Eperm)]
    [InlineData(0x40000000u + 39, Enosys)] // getpid by x32
    [InlineData(uint.MaxValue, Enosys)]
    public void A_call_is_answered_by_its_number(uint number, uint answer) =>
        Assert.Equal(answer, Run(_oneCall, new SyscallData(number, 0xC000003E)));

    [Fact]
    public void A_call_through_an_architecture_that_is_not_listed_kills()
    {
        Assert.Equal(KillProcess, Run(_oneCall, new SyscallData(20, 0x40000003)));
        Assert.Equal(KillProcess, Run(_oneCall, new SyscallData(39, 0xC00000B7)));
    }

    [Fact]
    public void A_listed_architecture_has_numbers_of_its_own()
    {
        var both = _oneCall with { Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_MIPS"] };

        Assert.Equal(Allow, Run(both, new SyscallData(20, 0x40000003)));
        Assert.Equal(Eperm, Run(both, new SyscallData(39, 0x40000003)));
        Assert.Equal(Allow, Run(both, new SyscallData(39, 0xC000003E)));
    }

    [Theory]
    [InlineData(SeccompAction.Kill, null, 0u)]
    [InlineData(SeccompAction.KillThread, null, 0u)]
    [InlineData(SeccompAction.KillProcess, null, 0x80000000u)]
    [InlineData(SeccompAction.Trap, null, 0x00030000u)]
    [InlineData(SeccompAction.Errno, null, 0x00050001u)]
    [InlineData(SeccompAction.Errno, 0u, 0x00050000u)]
    [InlineData(SeccompAction.Errno, 22u, 0x00050016u)]
    [InlineData(SeccompAction.Notify, null, 0x7FC00000u)]
    [InlineData(SeccompAction.Trace, 7u, 0x7FF00007u)]
    [InlineData(SeccompAction.Log, null, 0x7FFC0000u)]
    [InlineData(SeccompAction.Allow, null, 0x7FFF0000u)]
    public void Every_action_has_the_kernel_s_number(SeccompAction action, uint? errno, uint answer)
    {
        var profile = new LinuxSeccomp
        {
            DefaultAction = SeccompAction.Log,
            Syscalls = [new LinuxSyscall { Names = ["getpid"], Action = action, ErrnoRet = errno }],
        };

        Assert.Equal(answer, Run(profile, new SyscallData(39, 0xC000003E)));
        Assert.Equal(answer, Run(new LinuxSeccomp { DefaultAction = action, DefaultErrnoRet = errno }, new SyscallData(39, 0xC000003E)));
    }

    [Fact]
    public void Every_operator_compares_all_64_bits()
    {
        foreach (var op in Enum.GetValues<SeccompOperator>())
        {
            foreach (var value in _values)
            {
                var profile = OnSocket(new LinuxSeccompArg(5, value, op, ValueTwo: value & 0x1_00000026));
                var program = SeccompCompiler.Compile(profile, SeccompArchitecture.X64);
                foreach (var argument in _values)
                {
                    var call = new SyscallData(41, 0xC000003E, 0, 0, 0, 0, 0, argument);
                    Assert.Equal(ProfileReading.Answer(profile, SeccompArchitecture.X64, call), BpfInterpreter.Run(program, call));
                }
            }
        }
    }

    [Fact]
    public void Conditions_of_a_rule_must_all_hold_and_rules_are_alternatives()
    {
        var profile = OnSocket(new LinuxSeccompArg(0, 1, SeccompOperator.EqualTo), new LinuxSeccompArg(1, 2, SeccompOperator.EqualTo));
        profile = profile with
        {
            Syscalls =
            [
                .. profile.Syscalls!,
                new LinuxSyscall { Names = ["socket"], Action = SeccompAction.Allow, Args = [new(2, 3, SeccompOperator.EqualTo)] },
            ],
        };

        Assert.Equal(Allow, Run(profile, new SyscallData(41, 0xC000003E, 1, 2, 0)));
        Assert.Equal(Eperm, Run(profile, new SyscallData(41, 0xC000003E, 1, 0, 0)));
        Assert.Equal(Eperm, Run(profile, new SyscallData(41, 0xC000003E, 0, 2, 0)));
        Assert.Equal(Allow, Run(profile, new SyscallData(41, 0xC000003E, 0, 0, 3)));
    }

    [Fact]
    public void Every_program_answers_as_its_profile_reads() =>
        _profile.Sample(profile =>
        {
            foreach (var native in new[] { SeccompArchitecture.X64, SeccompArchitecture.Arm64 })
            {
                var program = SeccompCompiler.Compile(profile, native);
                foreach (var call in Calls(native))
                {
                    Assert.Equal(ProfileReading.Answer(profile, native, call), BpfInterpreter.Run(program, call));
                }
            }
        }, iter: 60);

    [Fact]
    public void Jumps_reach_further_than_255_instructions()
    {
        var profile = Alternating(conditionsEach: 3);
        var program = SeccompCompiler.Compile(profile, SeccompArchitecture.X64);

        Assert.InRange(program.Length / 8, 1000, 4096);
        Assert.All(Calls(SeccompArchitecture.X64), call =>
            Assert.Equal(ProfileReading.Answer(profile, SeccompArchitecture.X64, call), BpfInterpreter.Run(program, call)));
    }

    [Fact]
    public void A_program_longer_than_the_kernel_takes_is_refused()
    {
        var refusal = Assert.Throws<InvalidSettingException>(
            () => SeccompCompiler.Compile(Alternating(conditionsEach: 30), SeccompArchitecture.X64));

        Assert.Equal("linux.seccomp.syscalls", refusal.Setting);
    }

    [Fact]
    public void An_argument_that_no_call_has_is_refused() => Assert.Equal(
        "linux.seccomp.syscalls[0].args.index: 6 is above 5: a system call has six arguments",
        Assert.Throws<InvalidSettingException>(
            () => SeccompCompiler.Compile(OnSocket(new LinuxSeccompArg(6, 0, SeccompOperator.EqualTo)), SeccompArchitecture.X64)).Message);

    [Fact]
    public void An_error_number_that_the_kernel_would_cut_is_refused() => Assert.Throws<InvalidSettingException>(
        () => SeccompCompiler.Compile(new LinuxSeccomp { DefaultAction = SeccompAction.Errno, DefaultErrnoRet = 4096 }));

    [Theory]
    [InlineData(SeccompAction.Allow)]
    [InlineData(SeccompAction.KillProcess)]
    [InlineData(SeccompAction.Log)]
    [InlineData(SeccompAction.Notify)]
    public void An_error_number_for_an_action_that_returns_none_is_refused(SeccompAction action) => Assert.Equal(
        "linux.seccomp.defaultErrnoRet",
        Assert.Throws<InvalidSettingException>(
            () => SeccompCompiler.Compile(new LinuxSeccomp { DefaultAction = action, DefaultErrnoRet = 1 })).Setting);

    [Fact]
    public void Architectures_of_other_machines_are_passed_over_and_unknown_ones_refused()
    {
        var everywhere = _oneCall with { Architectures = ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_S390X"] };

        Assert.Equal(Allow, Run(everywhere, new SyscallData(39, 0xC000003E)));
        Assert.Equal(KillProcess, Run(everywhere, new SyscallData(20, 0x40000028)));
        Assert.Equal(
            "linux.seccomp.architectures[1]: 'SCMP_ARCH_PDP11' is no architecture",
            Assert.Throws<InvalidSettingException>(
                () => Run(_oneCall with { Architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_PDP11"] }, default!)).Message);
    }

    private static bool HasErrno(SeccompAction action) => action is SeccompAction.Errno or SeccompAction.Trace;

    private static uint Run(LinuxSeccomp profile, SyscallData call) =>
        BpfInterpreter.Run(SeccompCompiler.Compile(profile, SeccompArchitecture.X64), call);

    private static LinuxSeccomp OnSocket(params LinuxSeccompArg[] conditions) => new()
    {
        DefaultAction = SeccompAction.Errno,
        Syscalls = [new LinuxSyscall { Names = ["socket"], Action = SeccompAction.Allow, Args = conditions }],
    };

    // Every second call has a rule, so that there are as many ranges as calls.
    private static LinuxSeccomp Alternating(int conditionsEach) => new()
    {
        DefaultAction = SeccompAction.Errno,
        Syscalls =
        [
            .. SeccompArchitecture.X64.Numbers.Where(entry => entry.Value % 2 == 0).Select(entry => new LinuxSyscall
            {
                Names = [entry.Key],
                Action = SeccompAction.Errno,
                ErrnoRet = entry.Value,
                Args = [.. Enumerable.Range(0, conditionsEach).Select(UpTo38)],
            }),
        ],
    };

    private static LinuxSeccompArg UpTo38(int index) => new((uint)index % 6, 38, SeccompOperator.LessEqual);

    private static IEnumerable<SyscallData> Calls(SeccompArchitecture native)
    {
        uint[] audits = [native.AuditNumber, .. native.Compatible.Select(a => a.AuditNumber), 0x12345678];
        uint[] numbers = [.. Enumerable.Range(0, 480).Select(n => (uint)n), 0x3FFFFFFF, 0x40000000, 0x40000001, uint.MaxValue];
        return
            from audit in audits
            from number in numbers
            from index in Enumerable.Range(0, 3)
            let at = (int)((number + (uint)index) % (uint)_values.Length)
            select new SyscallData(number, audit, _values[at], _values[(at + 1) % _values.Length], _values[^(at + 1)], 0, 38, 1);
    }

    private static readonly Gen<string> _name =
        Gen.OneOf<string>([.. SeccompArchitecture.X64.Numbers.Keys, .. SeccompArchitecture.Arm64.Numbers.Keys, "no_such_call"]);

    private static readonly Gen<LinuxSeccompArg> _arg = Gen.Select(
        Gen.UInt[0, 5], Gen.OneOf(_values), Gen.Enum<SeccompOperator>(), Gen.OneOf(_values),
        (index, value, op, second) => new LinuxSeccompArg(index, value, op, second));

    private static readonly Gen<LinuxSyscall> _rule = Gen.Select(
        _name.Array[1, 12], Gen.Enum<SeccompAction>(), Gen.UInt[0, 4095].Nullable(), _arg.Array[0, 3],
        (names, action, errno, args) =>
            new LinuxSyscall { Names = names, Action = action, ErrnoRet = HasErrno(action) ? errno : null, Args = args });

    private static readonly Gen<LinuxSeccomp> _profile = Gen.Select(
        Gen.Enum<SeccompAction>(), Gen.UInt[0, 4095].Nullable(), _rule.Array[0, 8], Gen.Bool,
        (action, errno, rules, both) => new LinuxSeccomp
        {
            DefaultAction = action,
            DefaultErrnoRet = HasErrno(action) ? errno : null,
            Syscalls = rules,
            Architectures = both ? ["SCMP_ARCH_X86"] : null,
        });
}
