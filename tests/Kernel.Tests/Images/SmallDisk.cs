using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>A file system in memory that can be made as small as what lies on it, and larger again.</summary>
internal sealed class SmallDisk : IDisposable
{
    internal const int PageSize = 4096;

    private const string Ample = "size=64m,nr_inodes=10000";

    internal SmallDisk(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        HostCommand.Run("/bin/mount", "-t", "tmpfs", "-o", Ample, "small", Folder).Text();
    }

    internal string Folder { get; }

    /// <summary>How many pages and inodes are in use.</summary>
    internal (long Pages, long Inodes) Used
    {
        get
        {
            var numbers = HostCommand.Run("/usr/bin/stat", "-f", "-c", "%b %f %c %d", Folder).Text().Split(' ')
                .Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToList();
            return (numbers[0] - numbers[1], numbers[2] - numbers[3]);
        }
    }

    internal void LeavePages(long pages) => Remount($"size={Math.Max(1, Used.Pages + pages) * PageSize}");

    internal void LeaveInodes(long inodes) => Remount($"nr_inodes={Used.Inodes + inodes}");

    internal void Enlarge() => Remount(Ample);

    public void Dispose() => HostCommand.Run("/bin/umount", Folder).Text();

    private void Remount(string options) => HostCommand.Run("/bin/mount", "-o", $"remount,{options}", Folder).Text();
}
