using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Seccomp;

/// <summary>What a filter returns to the kernel: SECCOMP_RET_* of linux/seccomp.h with sixteen bits of data.</summary>
internal static class SeccompAnswer
{
    public const uint KillProcess = 0x80000000;

    /// <summary>Error number 38 is ENOSYS: the kernel does not know this call.</summary>
    public const uint NotImplemented = 0x00050000 | 38;

    private const uint OperationNotPermitted = 1; // EPERM
    private const uint LargestErrno = 4095; // MAX_ERRNO: the kernel would cut a larger one down to it.

    public static uint Of(SeccompAction action, uint? errno, string setting) => action switch
    {
        not (SeccompAction.Errno or SeccompAction.Trace) when errno is not null =>
            throw new InvalidSettingException(setting, $"the action {action} returns no error number"),
        SeccompAction.Kill or SeccompAction.KillThread => 0,
        SeccompAction.KillProcess => KillProcess,
        SeccompAction.Trap => 0x00030000,
        SeccompAction.Errno => 0x00050000 | Data(errno, LargestErrno, setting),
        SeccompAction.Notify => 0x7FC00000,
        SeccompAction.Trace => 0x7FF00000 | Data(errno, ushort.MaxValue, setting),
        SeccompAction.Log => 0x7FFC0000,
        SeccompAction.Allow => 0x7FFF0000,
        _ => throw new InvalidSettingException(setting, $"unknown action {action}"),
    };

    private static uint Data(uint? errno, uint largest, string setting) =>
        errno is null ? OperationNotPermitted
        : errno <= largest ? errno.Value
        : throw new InvalidSettingException(setting, $"error number {errno} is above {largest}");
}
