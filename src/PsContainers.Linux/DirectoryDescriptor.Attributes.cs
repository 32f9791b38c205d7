using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Owner, mode, time and extended attributes, of the directory itself or of a name in it.</summary>
public sealed unsafe partial class DirectoryDescriptor
{
    private const int MaximumAttribute = 64 * 1024; // XATTR_SIZE_MAX and XATTR_LIST_MAX

    public void SetOwner(uint userId, uint groupId) =>
        LinuxException.Check(Libc.fchown(Number, userId, groupId), nameof(Libc.fchown), _path);

    public void SetOwner(string name, uint userId, uint groupId) => LinuxException.Check(
        Libc.fchownat(Number, name, userId, groupId, Libc.AT_SYMLINK_NOFOLLOW), nameof(Libc.fchownat), Of(name));

    public void SetMode(int mode) => LinuxException.Check(Libc.fchmod(Number, (uint)mode), nameof(Libc.fchmod), _path);

    /// <summary>Of anything but a symbolic link: fchmodat(2) follows one, so the caller has to know what it made.</summary>
    public void SetMode(string name, int mode) =>
        LinuxException.Check(Libc.fchmodat(Number, name, (uint)mode, 0), nameof(Libc.fchmodat), Of(name));

    /// <summary>As <see cref="SetMode(string,int)"/>, but a symbolic link that took the place of what was made is EOPNOTSUPP.</summary>
    internal void SetModeUnfollowed(string name, int mode)
    {
        // fchmodat(2) takes flags since glibc 2.32 only, the kernel since 6.6; the link in /proc leads to what was opened, without a name.
        var number = Libc.openat(Number, name, Libc.O_PATH | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        using var file = new OpenFile(Of(name));
        file.Adopt(LinuxException.Check(number, nameof(Libc.openat), Of(name)));
        if (file.Status.Kind == FileKind.SymbolicLink)
        {
            throw new LinuxException(nameof(Libc.fchmodat), Of(name), Errno.EOPNOTSUPP);
        }

        LinuxException.Check(
            Libc.fchmodat(Libc.AT_FDCWD, $"/proc/self/fd/{file.Number}", (uint)mode, 0), nameof(Libc.fchmodat), Of(name));
    }

    public void SetModified(FileTime time)
    {
        var times = stackalloc Libc.TimeSpecification[2];
        Fill(times, time);
        LinuxException.Check(Libc.futimens(Number, times), nameof(Libc.futimens), _path);
    }

    public void SetModified(string name, FileTime time)
    {
        var times = stackalloc Libc.TimeSpecification[2];
        Fill(times, time);
        LinuxException.Check(Libc.utimensat(Number, name, times, Libc.AT_SYMLINK_NOFOLLOW), nameof(Libc.utimensat), Of(name));
    }

    public void SetAttribute(string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            LinuxException.Check(
                Libc.fsetxattr(Number, attribute, bytes, (nuint)value.Length, 0), nameof(Libc.fsetxattr), $"{_path}, {attribute}");
        }
    }

    public void SetAttribute(string name, string attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            var result = Libc.lsetxattr(Reached(name), attribute, bytes, (nuint)value.Length, 0);
            LinuxException.Check(result, nameof(Libc.lsetxattr), $"{Of(name)}, {attribute}");
        }
    }

    /// <summary>The extended attributes of a name here, or with <c>.</c> of the directory; none where there is no support.</summary>
    public IReadOnlyList<string> AttributeNames(string name)
    {
        var buffer = stackalloc byte[MaximumAttribute];
        var length = Libc.llistxattr(Reached(name), buffer, MaximumAttribute);
        if (length < 0)
        {
            return (Errno)Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP
                ? []
                : throw LinuxException.Last(nameof(Libc.llistxattr), Of(name));
        }

        return FileName.Decode(new ReadOnlySpan<byte>(buffer, (int)length)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Null when the attribute is not there.</summary>
    public byte[]? ReadAttribute(string name, string attribute)
    {
        var buffer = stackalloc byte[MaximumAttribute];
        var length = Libc.lgetxattr(Reached(name), attribute, buffer, MaximumAttribute);
        if (length >= 0)
        {
            return new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
        }

        var error = LinuxException.Last(nameof(Libc.lgetxattr), $"{Of(name)}, {attribute}");
        return error.Errno is Errno.ENODATA or Errno.EOPNOTSUPP ? null : throw error;
    }

    private static void Fill(Libc.TimeSpecification* times, FileTime time)
    {
        times[0] = new() { Seconds = time.Seconds, Nanoseconds = time.Nanoseconds };
        times[1] = times[0];
    }

    // There is no setxattrat(2) before Linux 6.13; the link in /proc leads to this very directory and the l-calls follow no further link.
    private string Reached(string name) => $"/proc/self/fd/{Number}/{name}";
}
