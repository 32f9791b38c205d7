using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>An image's files, opened when somebody first looks for something there, and then once for all.</summary>
/// <param name="layers">The topmost first.</param>
/// <param name="empty">A directory with nothing in it: an overlay wants two layers at least.</param>
internal sealed class ImageView(IReadOnlyList<string> layers, string empty) : IDisposable
{
    private DirectoryDescriptor? _root;

    /// <summary>The directory that a container of the image would see; null where the image has none.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public DirectoryDescriptor? OpenDirectory(string path)
    {
        try
        {
            return (_root ??= Open())?.OpenInRoot(path);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            // A file of the image: the launcher says that a directory cannot be mounted there.
            return null;
        }
    }

    public void Dispose() => _root?.Dispose();

    private DirectoryDescriptor? Open() => layers switch
    {
        [] => null,
        [var only] => DirectoryDescriptor.Open(only),
        _ => OverlayMount.Open([.. layers, empty]),
    };
}
