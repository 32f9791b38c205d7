using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>
/// The one table of system call numbers. Calls from 424 on have the same number on every architecture; older ones differ.
/// </summary>
/// <remarks>
/// x86-64: arch/x86/entry/syscalls/syscall_64.tbl; arm64: include/uapi/asm-generic/unistd.h. Checked against the headers by a test.
/// </remarks>
internal static class SyscallNumber
{
    internal const long Clone3 = 435;
    internal const long CloseRange = 436;
    internal const long FAccessAt2 = 439;
    internal const long FsConfig = 431;
    internal const long FsMount = 432;
    internal const long FsOpen = 430;
    internal const long MountSetAttr = 442;
    internal const long MoveMount = 429;
    internal const long OpenTree = 428;
    internal const long Openat2 = 437;
    internal const long PidFdGetFd = 438;
    internal const long PidFdOpen = 434;
    internal const long PidFdSendSignal = 424;
    internal const long QuotaCtlFd = 443;

    internal static long Accept4 => X64 ? 288 : 242;
    internal static long Bind => X64 ? 49 : 200;
    internal static long Bpf => X64 ? 321 : 280;
    internal static long Capget => X64 ? 125 : 90;
    internal static long Capset => X64 ? 126 : 91;
    internal static long Chdir => X64 ? 80 : 49;
    internal static long ClockGetTime => X64 ? 228 : 113;
    internal static long Clone => X64 ? 56 : 220;
    internal static long Close => X64 ? 3 : 57;
    internal static long Connect => X64 ? 42 : 203;
    internal static long Dup3 => X64 ? 292 : 24;
    internal static long EpollCreate1 => X64 ? 291 : 20;
    internal static long EpollCtl => X64 ? 233 : 21;
    internal static long Execve => X64 ? 59 : 221;
    internal static long ExecveAt => X64 ? 322 : 281;
    internal static long ExitGroup => X64 ? 231 : 94;
    internal static long FStatFs => X64 ? 138 : 44;
    internal static long Fchdir => X64 ? 81 : 50;
    internal static long Fchmod => X64 ? 91 : 52;
    internal static long Fchown => X64 ? 93 : 55;
    internal static long FchownAt => X64 ? 260 : 54;
    internal static long Fcntl => X64 ? 72 : 25;
    internal static long Flock => X64 ? 73 : 32;
    internal static long Fstat => X64 ? 5 : 80;
    internal static long Fstatfs => X64 ? 138 : 44;
    internal static long Ftruncate => X64 ? 77 : 46;
    internal static long GetDents64 => X64 ? 217 : 61;
    internal static long GetPid => X64 ? 39 : 172;
    internal static long Getrandom => X64 ? 318 : 278;
    internal static long GetSockOpt => X64 ? 55 : 209;
    internal static long InotifyAddWatch => X64 ? 254 : 27;
    internal static long InotifyInit1 => X64 ? 294 : 26;
    internal static long Ioctl => X64 ? 16 : 29;
    internal static long IoprioSet => X64 ? 251 : 30;
    internal static long Kill => X64 ? 62 : 129;
    internal static long Listen => X64 ? 50 : 201;
    internal static long Lseek => X64 ? 8 : 62;
    internal static long MemfdCreate => X64 ? 319 : 279;
    internal static long MkdirAt => X64 ? 258 : 34;
    internal static long MknodAt => X64 ? 259 : 33;
    internal static long Mmap => X64 ? 9 : 222;
    internal static long Mount => X64 ? 165 : 40;
    internal static long NanoSleep => X64 ? 35 : 101;
    internal static long NewFstatAt => X64 ? 262 : 79;
    internal static long OpenAt => X64 ? 257 : 56;
    internal static long Personality => X64 ? 135 : 92;
    internal static long Pipe2 => X64 ? 293 : 59;
    internal static long PivotRoot => X64 ? 155 : 41;
    internal static long Ppoll => X64 ? 271 : 73;
    internal static long Prctl => X64 ? 157 : 167;
    internal static long Prlimit64 => X64 ? 302 : 261;
    internal static long Read => X64 ? 0 : 63;
    internal static long ReadLinkAt => X64 ? 267 : 78;
    internal static long RecvFrom => X64 ? 45 : 207;
    internal static long RecvMsg => X64 ? 47 : 212;
    internal static long RenameAt2 => X64 ? 316 : 276;
    internal static long RtSigAction => X64 ? 13 : 134;
    internal static long RtSigProcMask => X64 ? 14 : 135;
    internal static long SchedSetAffinity => X64 ? 203 : 122;
    internal static long SchedSetattr => X64 ? 314 : 274;
    internal static long Seccomp => X64 ? 317 : 277;
    internal static long SendMsg => X64 ? 46 : 211;
    internal static long SendTo => X64 ? 44 : 206;
    internal static long SetDomainName => X64 ? 171 : 162;
    internal static long SetFsGid => X64 ? 123 : 152;
    internal static long SetFsUid => X64 ? 122 : 151;
    internal static long SetGroups => X64 ? 116 : 159;
    internal static long SetHostName => X64 ? 170 : 161;
    internal static long SetMempolicy => X64 ? 238 : 237;
    internal static long SetNs => X64 ? 308 : 268;
    internal static long SetPGid => X64 ? 109 : 154;
    internal static long SetResGid => X64 ? 119 : 149;
    internal static long SetResUid => X64 ? 117 : 147;
    internal static long SetSid => X64 ? 112 : 157;
    internal static long SetSockOpt => X64 ? 54 : 208;
    internal static long SignalFd4 => X64 ? 289 : 74;
    internal static long Socket => X64 ? 41 : 198;
    internal static long SocketPair => X64 ? 53 : 199;
    internal static long StatFs => X64 ? 137 : 43;
    internal static long SymlinkAt => X64 ? 266 : 36;
    internal static long Umask => X64 ? 95 : 166;
    internal static long Umount2 => X64 ? 166 : 39;
    internal static long UnlinkAt => X64 ? 263 : 35;
    internal static long Unshare => X64 ? 272 : 97;
    internal static long Utimensat => X64 ? 280 : 88;
    internal static long WaitId => X64 ? 247 : 95;
    internal static long Write => X64 ? 1 : 64;
    internal static long Writev => X64 ? 20 : 66;


    // A constant after compilation: CoreLib answers it per architecture, so the bare launcher may ask.
    private static bool X64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;
}
