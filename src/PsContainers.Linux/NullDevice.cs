using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>/dev/null, for the standard streams of a program that shall have none. null(4)</summary>
public sealed class NullDevice : FileDescriptor
{
    public static NullDevice Open()
    {
        var device = new NullDevice();
        device.Adopt(LinuxException.Check(Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0), nameof(Libc.open), "/dev/null"));
        return device;
    }
}
