using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

/// <summary>What a profile says of a call, found rule by rule: the plain reading that compiled programs are compared with.</summary>
internal static class ProfileReading
{
    public static uint Answer(LinuxSeccomp profile, SeccompArchitecture native, SyscallData call)
    {
        SeccompArchitecture[] known = [native, .. native.Compatible.Where(a => profile.Architectures?.Contains(a.Name) is true)];
        if (known.FirstOrDefault(a => a.AuditNumber == call.Architecture) is not { } architecture)
        {
            return 0x80000000;
        }

        if (architecture == SeccompArchitecture.X64 && call.Number >= 0x40000000)
        {
            return 0x00050000 | 38;
        }

        var name = architecture.Numbers.FirstOrDefault(entry => entry.Value == call.Number).Key;
        var rules = (profile.Syscalls ?? []).Where(rule => rule.Names.Contains(name)).ToList();
        var rule = rules.FirstOrDefault(r => r.Args is null or []) ?? rules.FirstOrDefault(r => r.Args!.All(arg => Holds(arg, call)));
        return rule is null ? Number(profile.DefaultAction, profile.DefaultErrnoRet) : Number(rule.Action, rule.ErrnoRet);
    }

    private static bool Holds(LinuxSeccompArg arg, SyscallData call)
    {
        var argument = call.Arguments.ElementAtOrDefault((int)arg.Index);
        return arg.Op switch
        {
            SeccompOperator.NotEqual => argument != arg.Value,
            SeccompOperator.LessThan => argument < arg.Value,
            SeccompOperator.LessEqual => argument <= arg.Value,
            SeccompOperator.EqualTo => argument == arg.Value,
            SeccompOperator.GreaterEqual => argument >= arg.Value,
            SeccompOperator.GreaterThan => argument > arg.Value,
            SeccompOperator.MaskedEqual => (argument & arg.Value) == arg.ValueTwo,
            _ => throw new ArgumentOutOfRangeException(nameof(arg)),
        };
    }

    // SECCOMP_RET_* as seccomp(2) lists them.
    private static uint Number(SeccompAction action, uint? errno) => action switch
    {
        SeccompAction.Kill or SeccompAction.KillThread => 0x00000000,
        SeccompAction.KillProcess => 0x80000000,
        SeccompAction.Trap => 0x00030000,
        SeccompAction.Errno => 0x00050000 + (errno ?? 1),
        SeccompAction.Notify => 0x7FC00000,
        SeccompAction.Trace => 0x7FF00000 + (errno ?? 1),
        SeccompAction.Log => 0x7FFC0000,
        SeccompAction.Allow => 0x7FFF0000,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
