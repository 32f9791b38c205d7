using System.Text;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.VolumeMounts;

/// <summary>Mounts for a volume; when the kernel refuses, says what its error number stands for here.</summary>
/// <remarks>mount(2), "ERRORS". Nothing of the options is ever told: there may be a password among them.</remarks>
internal static class MountFailure
{
    /// <param name="device">What the user calls it.</param>
    /// <param name="source">What the kernel is to mount, when that is something else.</param>
    internal static void Attach(
        VolumeDefinition volume, string type, string device, string target, HostMountFlags flags, string data, string? source = null)
    {
        if (Encoding.UTF8.GetByteCount(data) > HostMount.LongestData)
        {
            throw VolumeCall.Failed(
                volume, "mount", $"its options have more than the {HostMount.LongestData} bytes that the kernel takes",
                DriverErrorKind.InvalidRequest);
        }

        Explain(volume, device, type, () => HostMount.Attach(type, source ?? device, target, flags, data));
    }

    internal static void Explain(VolumeDefinition volume, string device, string type, Action mount)
    {
        try
        {
            mount();
        }
        catch (LinuxException e)
        {
            var (reason, kind) = Meaning(e.Errno, device, type);
            throw VolumeCall.Failed(volume, "mount", $"{device} (type {type}): {LinuxException.Describe(e.Errno)}: {reason}", kind, e);
        }
    }

    private static (string Reason, DriverErrorKind Kind) Meaning(Errno errno, string device, string type) => errno switch
    {
        Errno.ENODEV => ($"this kernel does not know the file system {type}, or its module is not there", DriverErrorKind.Unavailable),
        Errno.EINVAL => (
            $"{device} holds no file system {type}, or the file system refuses one of the options; the kernel's log (dmesg) says which",
            DriverErrorKind.Failed),
        Errno.ENOENT or Errno.ENOTDIR => ($"there is no {device}", DriverErrorKind.Unavailable),
        Errno.ENOTBLK => ($"{device} is not a block device", DriverErrorKind.Failed),
        Errno.ENXIO => ($"the device {device} has nothing behind it", DriverErrorKind.Unavailable),
        Errno.EBUSY => ($"{device} is in use elsewhere", DriverErrorKind.InUse),
        Errno.EACCES or Errno.EROFS => ($"it cannot be written; the option o=ro mounts it to be read only", DriverErrorKind.Failed),
        Errno.EPERM => ("the engine may not mount this", DriverErrorKind.Failed),
        Errno.ECONNREFUSED or Errno.ETIMEDOUT or Errno.EHOSTUNREACH or Errno.ENETUNREACH =>
            ("the server cannot be reached", DriverErrorKind.Unavailable),
        _ => ("the kernel refused", DriverErrorKind.Failed),
    };
}
