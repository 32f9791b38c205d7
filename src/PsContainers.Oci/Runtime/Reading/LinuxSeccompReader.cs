namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads `linux.seccomp`. runtime-spec, "Seccomp"</summary>
internal static class LinuxSeccompReader
{
    internal static LinuxSeccomp Seccomp(ref SpecReader json) => json.Object(
        new LinuxSeccomp { DefaultAction = default },
        static (ref SpecReader json, string name, LinuxSeccomp seccomp) => name switch
        {
            "defaultAction" => seccomp with { DefaultAction = Action(ref json) },
            "defaultErrnoRet" => seccomp with { DefaultErrnoRet = json.UInt32() },
            "architectures" => seccomp with { Architectures = json.Texts() },
            "flags" => seccomp with { Flags = json.Texts() },
            "listenerPath" => seccomp with { ListenerPath = json.Text() },
            "listenerMetadata" => seccomp with { ListenerMetadata = json.Text() },
            "syscalls" => seccomp with { Syscalls = json.List(Syscall) },
            _ => json.Skip(seccomp),
        },
        "defaultAction");

    private static LinuxSyscall Syscall(ref SpecReader json) => json.Object(
        new LinuxSyscall { Names = [], Action = default },
        static (ref SpecReader json, string name, LinuxSyscall syscall) => name switch
        {
            "names" => syscall with { Names = json.Texts() },
            "action" => syscall with { Action = Action(ref json) },
            "errnoRet" => syscall with { ErrnoRet = json.UInt32() },
            "args" => syscall with { Args = json.List(Argument) },
            _ => json.Skip(syscall),
        },
        "names", "action");

    private static LinuxSeccompArg Argument(ref SpecReader json) => json.Object(
        new LinuxSeccompArg(0, 0, default),
        static (ref SpecReader json, string name, LinuxSeccompArg argument) => name switch
        {
            "index" => argument with { Index = json.UInt32() },
            "value" => argument with { Value = json.UInt64() },
            "valueTwo" => argument with { ValueTwo = json.UInt64() },
            "op" => argument with { Op = Operator(ref json) },
            _ => json.Skip(argument),
        },
        "index", "value", "op");

    private static SeccompAction Action(ref SpecReader json) => json.Text() switch
    {
        "SCMP_ACT_KILL" => SeccompAction.Kill,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
        "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
        "SCMP_ACT_TRAP" => SeccompAction.Trap,
        "SCMP_ACT_ERRNO" => SeccompAction.Errno,
        "SCMP_ACT_TRACE" => SeccompAction.Trace,
        "SCMP_ACT_ALLOW" => SeccompAction.Allow,
        "SCMP_ACT_LOG" => SeccompAction.Log,
        "SCMP_ACT_NOTIFY" => SeccompAction.Notify,
        _ => throw json.Not("an action of seccomp"),
    };

    private static SeccompOperator Operator(ref SpecReader json) => json.Text() switch
    {
        "SCMP_CMP_NE" => SeccompOperator.NotEqual,
        "SCMP_CMP_LT" => SeccompOperator.LessThan,
        "SCMP_CMP_LE" => SeccompOperator.LessEqual,
        "SCMP_CMP_EQ" => SeccompOperator.EqualTo,
        "SCMP_CMP_GE" => SeccompOperator.GreaterEqual,
        "SCMP_CMP_GT" => SeccompOperator.GreaterThan,
        "SCMP_CMP_MASKED_EQ" => SeccompOperator.MaskedEqual,
        _ => throw json.Not("an operator of seccomp"),
    };
}
