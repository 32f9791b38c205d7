using System.Text;

namespace PsContainers.Runtime.Cgroups;

/// <summary>One file of a control group, which takes each value by a single write(2) and is never made anew.</summary>
internal static class CgroupFile
{
    /// <exception cref="IOException">The kernel refused the value; HResult is the errno.</exception>
    public static void Write(string path, string value)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        });

        // Nothing at all is no write: an empty list (cpuset.cpus) is taken back by an empty line.
        file.Write(Encoding.ASCII.GetBytes(value.Length == 0 ? "\n" : value));
    }
}
