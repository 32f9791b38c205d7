using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

public sealed class DefaultSeccompTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint Eperm = 0x00050001;
    private const uint Enosys = 0x00050000 + 38;

    private const ulong NewNetwork = 0x40000000;
    private const ulong NewUser = 0x10000000;
    private const ulong ThreadFlags = 0x003D0F00; // what glibc passes for a thread

    [Theory]
    [InlineData("read", Allow)]
    [InlineData("execve", Allow)]
    [InlineData("clone3", Enosys)]
    [InlineData("mount", Eperm)]
    [InlineData("unshare", Eperm)]
    [InlineData("setns", Eperm)]
    [InlineData("pivot_root", Eperm)]
    [InlineData("keyctl", Eperm)]
    [InlineData("bpf", Eperm)]
    [InlineData("io_uring_setup", Eperm)]
    [InlineData("kexec_load", Eperm)]
    [InlineData("init_module", Eperm)]
    [InlineData("open_by_handle_at", Eperm)]
    [InlineData("userfaultfd", Eperm)]
    [InlineData("chroot", Allow)] // CAP_SYS_CHROOT is one of the fourteen
    [InlineData("ptrace", Allow)]
    [InlineData("arch_prctl", Allow)]
    [InlineData("listns", Enosys)] // newer than the profile
    public void By_default_a_call_is_answered(string name, uint answer) => Assert.Equal(answer, Run(CapabilitySet.Default, name));

    [Theory]
    [InlineData("CAP_SYS_ADMIN", "mount")]
    [InlineData("CAP_SYS_ADMIN", "clone3")]
    [InlineData("CAP_SYS_ADMIN", "setns")]
    [InlineData("CAP_BPF", "bpf")]
    [InlineData("CAP_PERFMON", "perf_event_open")]
    [InlineData("CAP_SYS_MODULE", "init_module")]
    [InlineData("CAP_SYS_TIME", "settimeofday")]
    [InlineData("CAP_SYS_BOOT", "reboot")]
    [InlineData("CAP_DAC_READ_SEARCH", "open_by_handle_at")]
    [InlineData("CAP_SYSLOG", "syslog")]
    public void A_capability_brings_its_calls(string capability, string name)
    {
        Assert.NotEqual(Allow, Run(CapabilitySet.Default, name));
        Assert.Equal(Allow, Run(CapabilitySet.Default | CapabilitySet.Parse([capability]), name));
    }

    [Theory]
    [InlineData(ThreadFlags, Allow)]
    [InlineData(17, Allow)] // fork: SIGCHLD
    [InlineData(17 | NewUser, Eperm)]
    [InlineData(17 | NewNetwork, Eperm)]
    [InlineData(0x00020000, Eperm)]
    [InlineData(0x7E020000, Eperm)]
    public void Clone_makes_no_namespace_without_an_administrator(ulong flags, uint answer)
    {
        Assert.Equal(answer, Run(CapabilitySet.Default, "clone", flags));
        Assert.Equal(Allow, Run(CapabilitySet.Default | CapabilitySet.Parse(["SYS_ADMIN"]), "clone", flags));
    }

    [Theory]
    [InlineData(2, Allow)] // AF_INET
    [InlineData(16, Allow)] // AF_NETLINK
    [InlineData(37, Allow)]
    [InlineData(38, Eperm)] // AF_ALG
    [InlineData(39, Allow)]
    [InlineData(40, Eperm)] // AF_VSOCK
    [InlineData(41, Allow)]
    [InlineData(0x1_00000026, Eperm)] // AF_ALG, since the kernel looks at 32 bits
    [InlineData(0xFFFFFFFF_00000028, Eperm)]
    public void Sockets_of_kernel_crypto_and_the_hypervisor_are_refused(ulong family, uint answer) =>
        Assert.Equal(answer, Run(CapabilitySet.Default, "socket", family));

    [Theory]
    [InlineData(0, Allow)]
    [InlineData(8, Allow)]
    [InlineData(0x20000, Allow)]
    [InlineData(0x20008, Allow)]
    [InlineData(0xFFFFFFFF, Allow)]
    [InlineData(0x0040000, Eperm)] // ADDR_NO_RANDOMIZE
    [InlineData(0x0400000, Eperm)] // READ_IMPLIES_EXEC
    public void Personality_keeps_its_protections(ulong persona, uint answer) =>
        Assert.Equal(answer, Run(CapabilitySet.Default, "personality", persona));

    [Fact]
    public void A_call_without_a_name_is_not_implemented()
    {
        Assert.Equal(Enosys, BpfInterpreter.Run(Compile(CapabilitySet.Default), new SyscallData(600, 0xC000003E)));
    }

    [Theory]
    [InlineData("SCMP_ARCH_X86_64")]
    [InlineData("SCMP_ARCH_AARCH64")]
    public void Every_call_is_answered_as_the_profile_reads(string name)
    {
        var native = name == SeccompArchitecture.X64.Name ? SeccompArchitecture.X64 : SeccompArchitecture.Arm64;
        var profile = DefaultSeccomp.Profile(CapabilitySet.Default, native);
        var program = SeccompCompiler.Compile(profile, native);
        ulong[] arguments = [0, 8, 17, 38, 40, NewNetwork, ThreadFlags, 0xFFFFFFFF, ulong.MaxValue];

        foreach (var architecture in native.Compatible.Prepend(native))
        {
            foreach (var number in Enumerable.Range(0, 500))
            {
                foreach (var argument in arguments)
                {
                    var call = new SyscallData((uint)number, architecture.AuditNumber, argument);
                    Assert.Equal(ProfileReading.Answer(profile, native, call), BpfInterpreter.Run(program, call));
                }
            }
        }
    }

    // The time to load a program grows with its length (measured: 131 instructions 0.11 ms, 583 instructions 0.48 ms).
    [Fact]
    public void The_program_is_short() => Assert.InRange(Compile(CapabilitySet.Default).Length / 8, 100, 350);

    private static uint Run(ulong capabilities, string name, ulong argument = 0)
    {
        var native = SeccompArchitecture.X64;
        return BpfInterpreter.Run(Compile(capabilities), new SyscallData(native.Numbers[name], native.AuditNumber, argument));
    }

    private static byte[] Compile(ulong capabilities) =>
        SeccompCompiler.Compile(DefaultSeccomp.Profile(capabilities, SeccompArchitecture.X64), SeccompArchitecture.X64);
}
