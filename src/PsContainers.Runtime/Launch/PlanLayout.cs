using System.Runtime.InteropServices;

namespace PsContainers.Runtime.Launch;

/// <summary>The head of an encoded launch plan. Every offset counts from its first byte; 0 means absent.</summary>
/// <remarks>
/// The plan is the whole conversation from managed code to the bare launcher: fixed-size structs and NUL-terminated UTF-8,
/// readable in place after one mmap(2), so the launcher needs no parser and no allocation. docs/launcher.md draws it.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
public struct PlanHeader
{
    /// <summary>"PSCP", little endian.</summary>
    public const uint ExpectedMagic = 0x50435350;

    /// <summary>Counts up with every change of this layout; launcher and engine of one build always agree.</summary>
    public const uint ExpectedVersion = 4;

    public uint Magic;
    public uint Version;
    public uint Size;

    /// <summary>The container's id, for messages.</summary>
    public uint ContainerId;

    /// <summary>CLONE_NEW* flags of the container's first process.</summary>
    public ulong CloneFlags;

    /// <summary>cgroup v2 directory that the first process is born in (CLONE_INTO_CGROUP).</summary>
    public uint UnifiedCgroup;

    /// <summary>Directory for control socket, state and exit record.</summary>
    public uint RunDirectory;

    /// <summary>Log file; 0 keeps no log.</summary>
    public uint LogPath;

    /// <summary>Rotated log files kept beside the current one.</summary>
    public uint LogFiles;

    /// <summary>Bytes after which the log is rotated.</summary>
    public ulong LogLimit;

    /// <summary>Steps of the supervisor, before the clone; undone in reverse.</summary>
    public uint SupervisorSteps;
    public uint SupervisorStepCount;

    /// <summary>Steps of the container's first process, up to execve.</summary>
    public uint ContainerSteps;
    public uint ContainerStepCount;

    /// <summary>Arrays of offsets to the command's arguments and environment.</summary>
    public uint Arguments;
    public uint ArgumentCount;
    public uint Environment;
    public uint EnvironmentCount;

    /// <summary>File to read `oom_kill N` from at the end: memory.events (v2) or memory.oom_control (v1).</summary>
    public uint OomFile;

    /// <summary>A <see cref="PlanFlags"/> value.</summary>
    public uint Flags;

    /// <summary>
    /// Steps of a process between supervisor and container, where the container's namespaces are owned by a user namespace or its pid
    /// namespace is an existing one: what must be done before the first process is born in them. None: there is no such process.
    /// </summary>
    public uint EntrySteps;
    public uint EntryStepCount;

    /// <summary>Texts for /proc/PID/uid_map and gid_map of a new user namespace; 0 when it is not new.</summary>
    public uint UserMap;
    public uint GroupMap;

    /// <summary>Descriptors from 3 on that the container inherits.</summary>
    public uint PreservedDescriptors;

    /// <summary>A running container's first process, whose namespaces a command is to be executed in; 0 for a new container.</summary>
    public int TargetPid;

    /// <summary>When that process started, in clock ticks after boot: with its id it names the process for good.</summary>
    public long TargetStartTime;

    /// <summary>CLONE_NEW* flags of the namespaces in which the target differs from the launcher.</summary>
    public ulong TargetNamespaces;

    /// <summary>
    /// The container's state as hooks read it, in two texts: what stands before the status, and what follows the pid.
    /// </summary>
    public uint StateHead;
    public uint StateTail;

    /// <summary>Socket of the agent that answers for a system call filter, and what it is told besides the state: JSON.</summary>
    public uint SeccompAgent;
    public uint SeccompMetadata;

    /// <summary>File that takes the first process's id, for whoever asked for it.</summary>
    public uint PidFile;

    /// <summary>Socket that the terminal's master is sent to; 0 where the supervisor keeps it, or where there is no terminal.</summary>
    public uint ConsoleSocket;

    /// <summary>Hooks after the command was started, and after the container was deleted.</summary>
    public uint PoststartSteps;
    public uint PoststartStepCount;
    public uint PoststopSteps;
    public uint PoststopStepCount;

    /// <summary>File that an error is appended to, besides stderr: an offset, which becomes an address when the plan is mapped.</summary>
    public ulong ErrorLog;
}

/// <summary>Properties of the launch as a whole.</summary>
[Flags]
public enum PlanFlags : uint
{
    None = 0,

    /// <summary>The first process keeps the supervisor's stdout and stderr (the `run` command line) in place of pipes.</summary>
    InheritOutput = 1,

    /// <summary>The supervisor stays in the foreground and exits with the container's code.</summary>
    Foreground = 2,

    /// <summary>The supervisor removes the run directory at the end; nobody will read its records.</summary>
    RemoveRunDirectory = 4,

    /// <summary>Nobody stays: the launcher ends as soon as the process runs, which then belongs to the caller's subreaper.</summary>
    Detached = 8,

    /// <summary>The process waits for `start` before it becomes its command.</summary>
    AwaitStart = 16,

    /// <summary>
    /// The first process has a terminal; without <see cref="PlanHeader.ConsoleSocket"/> the supervisor is at its other end.
    /// </summary>
    Terminal = 32,

    /// <summary>Errors are appended to the log as JSON objects, as containerd and conmon read them.</summary>
    JsonErrors = 64,

    /// <summary>The supervisor's steps are done when the process asks for them, not before it is born: they are about it.</summary>
    StepsAfterBirth = 128,
}

/// <summary>One step: what to do, to what, and the words for its failure.</summary>
/// <remarks>What the fields mean is said at each <see cref="StepKind"/>.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct PlanStep
{
    public StepKind Kind;
    public uint Flags;

    /// <summary>`mount(proc on /proc)`: the failure's message before the error.</summary>
    public uint Description;
    public uint A;
    public uint B;
    public uint C;
    public uint D;
    public ulong Value;
    public ulong Value2;
}

/// <summary>What a step does. A, B and C are offsets of texts unless said otherwise.</summary>
public enum StepKind : uint
{
    None = 0,

    // Supervisor

    /// <summary>
    /// Makes cgroup directory A; removed at the end with all below it. Flags bit 0: it may exist, and stays; bit 1: it may exist.
    /// </summary>
    MakeCgroup,

    /// <summary>Writes B into file A. Flags bit 0: a missing file is no error; bit 1: only when the group made last is new.</summary>
    WriteFile,

    /// <summary>Loads the eBPF device program at B (Value instructions of 8 bytes) and attaches it to cgroup A.</summary>
    AttachDeviceProgram,

    /// <summary>Moves link A of the host into the network namespace of the container's first process, there called B.</summary>
    MoveNetworkDevice,

    /// <summary>
    /// Runs this program with Value arguments at A and the container's state on its stdin. Flags bit 0: not now, but when what came before
    /// this step is undone.
    /// </summary>
    RunSelf,

    // Supervisor or container

    /// <summary>
    /// Runs hook C with the container's state on its stdin: A and B are arrays of arguments and environment, their counts the low and
    /// high half of Value; D is a <see cref="HookStatus"/>; Value2 seconds at most, 0 for no limit.
    /// </summary>
    RunHook,

    // Container, before the pivot

    /// <summary>Binds the process to the processors in the mask of Value bytes at A.</summary>
    SetAffinity,

    /// <summary>Joins the namespace at path A; Value is its CLONE_NEW* flag.</summary>
    JoinNamespace,

    /// <summary>Joins all namespaces (Value) of the target process but its pid namespace, in which this process was born.</summary>
    JoinTarget,

    /// <summary>Opens the sources of the Bind and BindDevice steps, for a user namespace in which they are out of reach.</summary>
    OpenSources,

    /// <summary>The same for the next Bind step that OpenSources passed over: what it is a part of is mounted just now.</summary>
    OpenPart,

    /// <summary>Takes a copy of the mount tree at A as the container's root, attached nowhere.</summary>
    CloneRoot,

    /// <summary>Opens folder A through the id maps B and C, as descriptor Value.</summary>
    MapFolder,

    /// <summary>setfsuid(Value) and setfsgid(Value2), with every permitted capability effective.</summary>
    ActAs,

    /// <summary>Attaches the copy that CloneRoot took, and opens it in place of OpenRoot.</summary>
    AttachRoot,

    /// <summary>Becomes user Value and group Value2 of the user namespace that was entered.</summary>
    BecomeRoot,

    /// <summary>Enters a new time namespace with the clock offsets of text A. time_namespaces(7)</summary>
    EnterTimeNamespace,

    /// <summary>Waits until the supervisor has done the Value steps at A for this process; with Value 0, its own.</summary>
    AskHost,

    /// <summary>
    /// Makes a terminal in the container's devpts, Value rows and Value2 columns (0: as they are), and hands its master out. Flags bit 0:
    /// also binds it on /dev/console.
    /// </summary>
    OpenTerminal,

    /// <summary>Writes "0" into cgroup file A.</summary>
    JoinCgroup,

    /// <summary>unshare(Value).</summary>
    Unshare,

    /// <summary>Sets the propagation Value (MS_PRIVATE …, with MS_REC) of `/`.</summary>
    SetPropagation,

    /// <summary>chdir(A), so that the root's mount data can name layers by short relative paths.</summary>
    ChangeDirectory,

    /// <summary>Mounts the root with mount(2): type A, source B, data C, flags Value on host path D.</summary>
    MountRoot,

    /// <summary>
    /// Mounts the root with fsopen(2), for options past mount(2)'s one page: type A, an array of Value2 key and value texts at B, on host
    /// path D.
    /// </summary>
    MountRootByParameters,

    /// <summary>Opens root directory A: every later target is found below it by openat2(RESOLVE_IN_ROOT).</summary>
    OpenRoot,

    /// <summary>
    /// Mounts source D as file system type A with data B on C with flags Value. Flags bit 0: data begins with the mode of C, if it is
    /// there.
    /// </summary>
    Mount,

    /// <summary>
    /// Mounts a tmpfs from source A with the options at B (an array of Value2 key and value texts), attributes Value and a copy of what
    /// was there on C. Flags bit 0: with the mode of C; bit 1: with the owner of C.
    /// </summary>
    MountCopy,

    /// <summary>
    /// Binds host path A on C. Flags: <see cref="BindFlags"/>. Value: attributes (MOUNT_ATTR_*) to set, in the high half those to clear;
    /// Value2: the same for the whole tree. B: propagation (MS_PRIVATE …, with MS_REC) once attached, or 0. D: 0, or four text offsets:
    /// the map of users, that of groups, the path of the user namespace to take them from instead, and the path of the one file or
    /// directory in A that is bound; each may be 0.
    /// </summary>
    Bind,

    /// <summary>Takes the topmost mount off host path A.</summary>
    Unmount,

    /// <summary>Binds host device A on C when it is the node of type Value and number Value2 (major shl 32 | minor).</summary>
    BindDevice,

    /// <summary>Makes the mount that host path A lies on private.</summary>
    IsolateMountOf,

    /// <summary>Sets propagation Value on the mount at C.</summary>
    SetTargetPropagation,

    /// <summary>
    /// Sets attributes Value (MOUNT_ATTR_*, in the high half those to clear) on the mount at C; Flags bit 0: and on all below it.
    /// </summary>
    SetTargetAttributes,

    /// <summary>Device node C: Value = type and mode, Value2 = major shl 32 | minor; A = owner, B = group as numbers.</summary>
    MakeDevice,

    /// <summary>Symbolic link at C to text A. Flags bit 0: in place of what is there.</summary>
    MakeSymlink,

    /// <summary>
    /// Hides C: an empty read-only tmpfs over a directory, /dev/null over a file, nothing when it is not there. Value: the file system
    /// (statfs(2)) that C must lie on, or 0.
    /// </summary>
    MaskPath,

    /// <summary>Makes C and all below it read-only; nothing when it is not there. Value as for a mask.</summary>
    ReadOnlyPath,

    /// <summary>Brings the loopback link up.</summary>
    LoopbackUp,

    /// <summary>sethostname(A).</summary>
    SetHostname,

    /// <summary>setdomainname(A).</summary>
    SetDomainname,

    /// <summary>Writes B into A, a path below the host's procfs such as `self/oom_score_adj`, after checking that it is one.</summary>
    WriteProcFile,

    /// <summary>Keeps /proc/self/attr of the host's procfs for SetExecLabel.</summary>
    OpenExecAttributes,

    /// <summary>
    /// Makes the opened root the root of this mount namespace and lets go of the old one. Flags bit 0: the old one is shared with the host.
    /// </summary>
    PivotRoot,

    // Container, after the pivot

    /// <summary>Remounts `/` read-only.</summary>
    RemountRootReadOnly,

    /// <summary>sched_setattr(2) with the struct sched_attr at A.</summary>
    SetScheduler,

    /// <summary>ioprio_set(2) of this process to Value.</summary>
    SetIoPriority,

    /// <summary>set_mempolicy(2): mode and flags Value; A is a node mask of Value2 bits, 0 for none.</summary>
    SetMemoryPolicy,

    /// <summary>personality(Value).</summary>
    SetPersonality,

    /// <summary>Writes A into the security module's `exec` attribute; Flags bit 0: AppArmor's, else SELinux's.</summary>
    SetExecLabel,

    /// <summary>setrlimit(number in A, soft Value, hard Value2).</summary>
    SetLimit,

    /// <summary>
    /// Looks user A (`name|uid[:group|gid]`) up in /etc/passwd and /etc/group of the root; B is an array of Value extra group numbers.
    /// </summary>
    FindUser,

    /// <summary>chdir(A) inside, made when missing.</summary>
    WorkingDirectory,

    /// <summary>Makes the terminal the controlling one, and stdin, stdout and stderr.</summary>
    AttachTerminal,

    /// <summary>umask(Value).</summary>
    SetUmask,

    /// <summary>Drops from the bounding set every capability that Value lacks, up to number Value2.</summary>
    DropBoundingCapabilities,

    /// <summary>setgroups, setresgid, setresuid to what FindUser found.</summary>
    ChangeUser,

    /// <summary>capset: Value = permitted, Value2 = effective; A, B = low and high half of inheritable.</summary>
    SetCapabilities,

    /// <summary>Raises every ambient capability in Value.</summary>
    RaiseAmbientCapabilities,

    /// <summary>prctl(PR_SET_NO_NEW_PRIVS).</summary>
    NoNewPrivileges,

    /// <summary>
    /// Loads the classic BPF program at A (Value instructions) with SECCOMP_FILTER_FLAG_* Flags; the context keeps the listener.
    /// </summary>
    LoadSeccomp,

    /// <summary>Looks for the command in the environment's PATH, as the user who will run it.</summary>
    FindCommand,

    /// <summary>
    /// Tells the launcher that all is ready and lets go of it. Flags bit 0: then waits until `start` gives the word.
    /// </summary>
    Release,

    /// <summary>Replaces this process by the command that was found.</summary>
    Execute,

    /// <summary>Closes every descriptor but the standard ones, the caller's, and those by which this process is spoken to.</summary>
    CloseDescriptors,
}

/// <summary>The container's status as a hook is told. runtime-spec, "State"</summary>
public enum HookStatus : uint
{
    Creating = 0,
    Created = 1,
    Running = 2,
    Stopped = 3,
}
