using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Reading of documents, which are never longer than a limit.</summary>
internal static class ImageFilesReading
{
    internal static byte[]? TryReadDocument(this IImageFiles files, string path)
    {
        using var stream = files.TryOpen(path);
        if (stream is null)
        {
            return null;
        }

        if (stream.Length > ImageDocument.MaximumLength)
        {
            throw new ImageFormatException(
                $"{path} has {stream.Length} bytes, more than the {ImageDocument.MaximumLength} that a document may have");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    internal static byte[] ReadDocument(this IImageFiles files, string path) =>
        files.TryReadDocument(path) ?? throw new ImageFormatException($"{path} is missing");
}
