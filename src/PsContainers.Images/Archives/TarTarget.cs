using PsContainers.Images.Layers;

namespace PsContainers.Images.Archives;

/// <summary>Files of an image that go into a tar archive. They have no time, so that the same image is the same archive.</summary>
internal sealed class TarTarget(TarWriter tar) : IExportTarget
{
    private const int FileMode = 0x1a4;
    private const int DirectoryMode = 0x1ed;

    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    public void Add(string path, long size, Action<Stream> write)
    {
        AddDirectories(path);
        tar.Write(new TarEntry(TarEntryKind.File, path) { Mode = FileMode, Size = size });
        write(tar.Data);
    }

    internal void Finish() => tar.Finish();

    // Some readers want a directory before what lies in it.
    private void AddDirectories(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (_directories.Add(path[..slash]))
            {
                tar.Write(new TarEntry(TarEntryKind.Directory, path[..slash]) { Mode = DirectoryMode });
            }
        }
    }
}
