using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A place in the file tree, held without opening what is there (O_PATH). open(2)</summary>
public sealed class PathDescriptor : FileDescriptor
{
    /// <summary>A name for the place that is valid while this object is: `/proc/self/fd/N`.</summary>
    public string SelfPath => $"/proc/self/fd/{Number}";

    public static PathDescriptor Open(string path)
    {
        var descriptor = new PathDescriptor();
        descriptor.Adopt(LinuxException.Check(Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0), nameof(Libc.open), path));
        return descriptor;
    }
}
