namespace PsContainers.Images.Archives;

/// <summary>The files of an image as it was saved: in a folder or in a tar archive.</summary>
internal interface IImageFiles : IDisposable
{
    /// <summary>Opens a file by its path from the top; null when there is none. The stream knows its length.</summary>
    Stream? TryOpen(string path);
}
