using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class SeccompTests(TestHost host) : KernelTest(host)
{
    private const int BadSystemCall = 128 + 31; // SIGSYS

    [Theory]
    [InlineData(SeccompAction.Kill, null, BadSystemCall, "")]
    [InlineData(SeccompAction.KillProcess, null, BadSystemCall, "")]
    [InlineData(SeccompAction.KillThread, null, BadSystemCall, "")]
    [InlineData(SeccompAction.Trap, null, BadSystemCall, "")]
    [InlineData(SeccompAction.Errno, null, 1, "Operation not permitted")]
    [InlineData(SeccompAction.Errno, 28u, 1, "No space left on device")]
    [InlineData(SeccompAction.Trace, 1u, 1, "Function not implemented")] // without a tracer
    [InlineData(SeccompAction.Log, null, 0, "")]
    [InlineData(SeccompAction.Allow, null, 0, "")]
    public void Call_is_answered_as_the_profile_says(SeccompAction action, uint? errno, int code, string error)
    {
        var spec = BundleRun.Spec(Host, "mkdir", "/dev/shm/made");
        var profile = new LinuxSeccomp
        {
            DefaultAction = SeccompAction.Allow,
            Syscalls = [new LinuxSyscall { Names = ["mkdir", "mkdirat"], Action = action, ErrnoRet = errno }],
        };

        var result = BundleRun.Execute(Host, spec with { Linux = spec.Linux! with { Seccomp = profile } });

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
    }
}
