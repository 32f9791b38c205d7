using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>What a volume's directory says about itself.</summary>
/// <param name="IsEmpty">An image may fill it.</param>
/// <param name="IsOfNobody">Whom it belongs to is the image's to say: nobody said it when it was made.</param>
internal readonly record struct VolumeLook(bool IsEmpty, bool IsOfNobody)
{
    private const int DefaultMode = 0x1ed; // 0755

    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static VolumeLook At(string path)
    {
        using var directory = DirectoryDescriptor.OpenFollowing(path);
        var isEmpty = directory.IsEmpty();
        return new VolumeLook(isEmpty, isEmpty && IsNobodys(directory));
    }

    public static bool IsNobodys(DirectoryDescriptor directory) => directory.Status is { UserId: 0, GroupId: 0, Mode: DefaultMode };
}
