namespace PsContainers.Images.Archives;

/// <summary>Where the files of an image go: into a folder or a tar archive.</summary>
internal interface IExportTarget
{
    /// <summary>Adds a file by its path from the top.</summary>
    /// <param name="size">How many bytes <paramref name="write"/> will write.</param>
    void Add(string path, long size, Action<Stream> write);
}
