using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

public sealed class SeccompFlagsTests
{
    private static readonly LinuxSeccomp _allowing = new() { DefaultAction = SeccompAction.Allow };

    private static readonly LinuxSeccomp _notifying = new()
    {
        DefaultAction = SeccompAction.Allow,
        ListenerPath = "/run/agent.sock",
        Syscalls = [new LinuxSyscall { Names = ["mkdir"], Action = SeccompAction.Notify }],
    };

    [Theory]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC", 0u, 8u)]
    [InlineData("SECCOMP_FILTER_FLAG_LOG", 2u, 10u)]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4u, 12u)]
    [InlineData("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0u, 0x28u)]
    public void Flag_has_the_kernels_number(string flag, uint alone, uint withListener)
    {
        Assert.Equal(alone, SeccompFlags.Of(_allowing with { Flags = [flag] }));
        Assert.Equal(withListener, SeccompFlags.Of(_notifying with { Flags = [flag] }));
    }

    [Fact]
    public void Unknown_flag_is_named() => Assert.Equal(
        "linux.seccomp.flags[1]", Refusal(_allowing with { Flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_NEW_LISTENER"] }));

    [Fact]
    public void Listener_without_a_socket_is_refused()
    {
        Assert.Equal("linux.seccomp.listenerPath", Refusal(_notifying with { ListenerPath = null }));
        Assert.Equal("linux.seccomp.listenerPath", Refusal(_notifying with { ListenerPath = "relative" }));
        Assert.Equal("linux.seccomp.listenerMetadata", Refusal(_allowing with { ListenerMetadata = "x" }));
    }

    [Fact]
    public void Socket_without_a_listener_is_ignored() =>
        Assert.Equal(0u, SeccompFlags.Of(_allowing with { ListenerPath = "/run/agent.sock", ListenerMetadata = "x" }));

    [Fact]
    public void Listener_that_would_never_be_told_is_refused()
    {
        Assert.Equal("linux.seccomp.defaultAction", Refusal(_notifying with { DefaultAction = SeccompAction.Notify }));
        Assert.Equal(
            "linux.seccomp.syscalls[0].action",
            Refusal(_notifying with { Syscalls = [new LinuxSyscall { Names = ["read", "write"], Action = SeccompAction.Notify }] }));
    }

    private static string Refusal(LinuxSeccomp profile) =>
        Assert.Throws<InvalidSettingException>(() => SeccompFlags.Of(profile)).Setting;
}
