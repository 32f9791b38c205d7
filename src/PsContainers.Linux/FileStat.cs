using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>What statx(2) says about a file.</summary>
public readonly record struct FileStat(FileKind Kind, int Mode, uint UserId, uint GroupId, long Size, FileTime Modified)
{
    public FileIdentity Identity { get; init; }

    public uint LinkCount { get; init; }

    /// <summary>The device that a device node stands for.</summary>
    public uint NodeMajor { get; init; }

    public uint NodeMinor { get; init; }

    /// <summary>Which mount it was reached through; a bind mount has the device of its source, but another of these.</summary>
    public ulong MountId { get; init; }

    internal static FileStat Of(in Libc.StatxBuffer status) => new(
        (FileKind)(status.Mode & 0xf000),
        status.Mode & 0xfff,
        status.UserId,
        status.GroupId,
        status.Size,
        new FileTime(status.ModifiedSeconds, (int)status.ModifiedNanoseconds))
    {
        Identity = new FileIdentity(status.DeviceMajor, status.DeviceMinor, status.Inode),
        LinkCount = status.LinkCount,
        NodeMajor = status.NodeMajor,
        NodeMinor = status.NodeMinor,
        MountId = status.MountId,
    };
}
