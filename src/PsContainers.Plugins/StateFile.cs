using PsContainers.Linux;

namespace PsContainers.Plugins;

/// <summary>Small files in which the host itself keeps something.</summary>
internal static class StateFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Puts another content in the place of the present one; readers see the one or the other, also after a crash.</summary>
    /// <remarks>
    /// By one writer at a time, so that one name is enough for the new file; what a killed session left there is overwritten.
    /// </remarks>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var next = path + ".new";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        using var folder = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(path)!);
        folder.Synchronize();
    }
}
