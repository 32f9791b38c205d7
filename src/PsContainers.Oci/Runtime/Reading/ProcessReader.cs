namespace PsContainers.Oci.Runtime.Reading;

/// <summary>Reads `process`. runtime-spec, "Process"</summary>
internal static class ProcessReader
{
    internal static ProcessSpec Process(ref SpecReader json) => json.Object(
        new ProcessSpec { User = new UserSpec(), Cwd = "" },
        static (ref SpecReader json, string name, ProcessSpec process) => name switch
        {
            "terminal" => process with { Terminal = json.Flag() },
            "consoleSize" => process with { ConsoleSize = ConsoleSize(ref json) },
            "user" => process with { User = User(ref json) },
            "args" => process with { Args = json.Texts() },
            "env" => process with { Env = json.Texts() },
            "cwd" => process with { Cwd = json.Text() },
            "capabilities" => process with { Capabilities = Capabilities(ref json) },
            "rlimits" => process with { Rlimits = json.List(Rlimit) },
            "noNewPrivileges" => process with { NoNewPrivileges = json.Flag() },
            "apparmorProfile" => process with { ApparmorProfile = json.Text() },
            "oomScoreAdj" => process with { OomScoreAdj = json.Int32() },
            "scheduler" => process with { Scheduler = Scheduler(ref json) },
            "selinuxLabel" => process with { SelinuxLabel = json.Text() },
            "ioPriority" => process with { IoPriority = IoPriority(ref json) },
            "execCPUAffinity" => process with { ExecCpuAffinity = Affinity(ref json) },
            _ => json.Skip(process),
        },
        "user", "cwd");

    private static ConsoleSize ConsoleSize(ref SpecReader json) => json.Object(
        new ConsoleSize(0, 0),
        static (ref SpecReader json, string name, ConsoleSize size) => name switch
        {
            "height" => size with { Height = json.UInt32() },
            "width" => size with { Width = json.UInt32() },
            _ => json.Skip(size),
        },
        "height", "width");

    private static UserSpec User(ref SpecReader json) => json.Object(
        new UserSpec(),
        static (ref SpecReader json, string name, UserSpec user) => name switch
        {
            "uid" => user with { Uid = json.UInt32() },
            "gid" => user with { Gid = json.UInt32() },
            "umask" => user with { Umask = json.UInt32() },
            "additionalGids" => user with { AdditionalGids = json.List(static (ref SpecReader json) => json.UInt32()) },
            _ => json.Skip(user),
        });

    private static LinuxCapabilities Capabilities(ref SpecReader json) => json.Object(
        new LinuxCapabilities(),
        static (ref SpecReader json, string name, LinuxCapabilities sets) => name switch
        {
            "bounding" => sets with { Bounding = json.Texts() },
            "effective" => sets with { Effective = json.Texts() },
            "inheritable" => sets with { Inheritable = json.Texts() },
            "permitted" => sets with { Permitted = json.Texts() },
            "ambient" => sets with { Ambient = json.Texts() },
            _ => json.Skip(sets),
        });

    private static PosixRlimit Rlimit(ref SpecReader json) => json.Object(
        new PosixRlimit("", 0, 0),
        static (ref SpecReader json, string name, PosixRlimit limit) => name switch
        {
            "type" => limit with { Type = json.Text() },
            "hard" => limit with { Hard = json.UInt64() },
            "soft" => limit with { Soft = json.UInt64() },
            _ => json.Skip(limit),
        },
        "type", "hard", "soft");

    private static LinuxScheduler Scheduler(ref SpecReader json) => json.Object(
        new LinuxScheduler { Policy = "" },
        static (ref SpecReader json, string name, LinuxScheduler scheduler) => name switch
        {
            "policy" => scheduler with { Policy = json.Text() },
            "nice" => scheduler with { Nice = json.Int32() },
            "priority" => scheduler with { Priority = json.Int32() },
            "flags" => scheduler with { Flags = json.Texts() },
            "runtime" => scheduler with { Runtime = json.UInt64() },
            "deadline" => scheduler with { Deadline = json.UInt64() },
            "period" => scheduler with { Period = json.UInt64() },
            _ => json.Skip(scheduler),
        },
        "policy");

    private static LinuxIoPriority IoPriority(ref SpecReader json) => json.Object(
        new LinuxIoPriority(""),
        static (ref SpecReader json, string name, LinuxIoPriority priority) => name switch
        {
            "class" => priority with { Class = json.Text() },
            "priority" => priority with { Priority = json.Int32() },
            _ => json.Skip(priority),
        },
        "class");

    private static CpuAffinity Affinity(ref SpecReader json) => json.Object(
        new CpuAffinity(),
        static (ref SpecReader json, string name, CpuAffinity affinity) => name switch
        {
            "initial" => affinity with { Initial = json.Text() },
            "final" => affinity with { Final = json.Text() },
            _ => json.Skip(affinity),
        });
}
