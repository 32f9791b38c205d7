using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>
/// A file as a block device. The kernel takes it apart when nobody has it open or mounted any more, however whoever made it ends.
/// </summary>
/// <remarks>loop(4); LOOP_CONFIGURE is there from Linux 5.8 on.</remarks>
public sealed unsafe class LoopDevice : FileDescriptor
{
    private const string Control = "/dev/loop-control";
    private const int Attempts = 100;

    private LoopDevice(string path) => Path = path;

    public string Path { get; }

    public static LoopDevice Attach(string image, bool isReadOnly)
    {
        using var file = Opened(image, isReadOnly);
        using var control = Opened(Control, isReadOnly: false);
        for (var attempt = 1; ; attempt++)
        {
            var number = LinuxException.Check(Libc.ioctl(control.Number, Libc.LOOP_CTL_GET_FREE), "ioctl", $"{Control}, LOOP_CTL_GET_FREE");
            var device = Opened($"/dev/loop{number}", isReadOnly);
            Libc.LoopConfiguration wanted = new()
            {
                FileDescriptor = (uint)file.Number,
                Flags = Libc.LO_FLAGS_AUTOCLEAR | (isReadOnly ? Libc.LO_FLAGS_READ_ONLY : 0),
            };
            if (Libc.ioctl_loop(device.Number, Libc.LOOP_CONFIGURE, &wanted) >= 0)
            {
                return device;
            }

            // Another process was faster with this one.
            var errno = (Errno)Marshal.GetLastPInvokeError();
            device.Dispose();
            if (errno != Errno.EBUSY || attempt == Attempts)
            {
                throw new LinuxException("ioctl", $"{device.Path}, LOOP_CONFIGURE with {image}", errno);
            }
        }
    }

    private static LoopDevice Opened(string path, bool isReadOnly)
    {
        var opened = new LoopDevice(path);
        var flags = (isReadOnly ? Libc.O_RDONLY : Libc.O_RDWR) | Libc.O_CLOEXEC;
        opened.Adopt(LinuxException.Check(Libc.open(path, flags, 0), nameof(Libc.open), path));
        return opened;
    }
}
