using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Copies the extended attributes that belong to a file wherever it is. xattr(7)</summary>
internal static unsafe class AttributeCopy
{
    private const string Capability = "security.capability";
    private const int MaximumBytes = 64 * 1024; // XATTR_SIZE_MAX and XATTR_LIST_MAX

    // Labels (security.selinux) are the policy's of the place; what overlay keeps would steer one that has the copy as a layer.
    private static readonly string[] _kept = ["user.", "trusted.", Capability, "system.posix_acl_access", "system.posix_acl_default"];
    private static readonly string[] _ofOverlay = ["trusted.overlay.", "user.overlay."];

    internal static void Copy(FileDescriptor source, string sourcePath, FileDescriptor target, string targetPath)
    {
        foreach (var attribute in Names(source, sourcePath))
        {
            if (IsKept(attribute) && Read(source, sourcePath, attribute) is { } value)
            {
                fixed (byte* bytes = value)
                {
                    Check(
                        Libc.fsetxattr(target.Number, attribute, bytes, (nuint)value.Length, 0),
                        nameof(Libc.fsetxattr), targetPath, attribute);
                }
            }
        }
    }

    /// <summary>Of what cannot be opened: a symbolic link, a fifo, a device.</summary>
    internal static void Copy(DirectoryDescriptor source, DirectoryDescriptor target, string name)
    {
        foreach (var attribute in source.AttributeNames(name))
        {
            if (!IsKept(attribute) || source.ReadAttribute(name, attribute) is not { } value)
            {
                continue;
            }

            try
            {
                target.SetAttribute(name, attribute, value);
            }
            catch (LinuxException e) when (IsIgnored(e.Errno, attribute))
            {
            }
        }
    }

    /// <summary>Whether a file has any that a copy would have, too.</summary>
    internal static bool IsNeeded(FileDescriptor source, string path) => Names(source, path).Any(IsKept);

    private static bool IsKept(string attribute) =>
        _kept.Any(kept => attribute.StartsWith(kept, StringComparison.Ordinal))
        && !_ofOverlay.Any(prefix => attribute.StartsWith(prefix, StringComparison.Ordinal));

    // The target's file system has no such attributes: then there is no more faithful copy, unless a program would lose its rights.
    private static bool IsIgnored(Errno errno, string attribute) => errno == Errno.EOPNOTSUPP && attribute != Capability;

    private static void Check(int result, string call, string path, string attribute)
    {
        if (result < 0 && !IsIgnored((Errno)Marshal.GetLastPInvokeError(), attribute))
        {
            throw LinuxException.Last(call, $"{path}, {attribute}");
        }
    }

    private static string[] Names(FileDescriptor file, string path)
    {
        var buffer = stackalloc byte[MaximumBytes];
        var length = Libc.flistxattr(file.Number, buffer, MaximumBytes);
        if (length < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP)
        {
            return [];
        }

        LinuxException.Check(length, nameof(Libc.flistxattr), path);
        return FileName.Decode(new ReadOnlySpan<byte>(buffer, (int)length)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    // Null when it went since the names were read.
    private static byte[]? Read(FileDescriptor file, string path, string attribute)
    {
        var buffer = stackalloc byte[MaximumBytes];
        var length = Libc.fgetxattr(file.Number, attribute, buffer, MaximumBytes);
        if (length < 0 && (Errno)Marshal.GetLastPInvokeError() is Errno.ENODATA or Errno.EOPNOTSUPP)
        {
            return null;
        }

        LinuxException.Check(length, nameof(Libc.fgetxattr), $"{path}, {attribute}");
        return new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
    }
}
