namespace PsContainers.Images.Archives;

/// <summary>Images that were read, unpacked and found right. Unless they are committed, nothing of them stays.</summary>
public sealed class StagedImport : IDisposable
{
    private readonly ImageStaging _staging;

    private StagedImport(ImageStaging staging, IReadOnlyList<ImportedImage> images) => (_staging, Images) = (staging, images);

    public IReadOnlyList<ImportedImage> Images { get; }

    /// <summary>Makes everything part of the stores, on disk, and then has it recorded.</summary>
    /// <param name="record">
    /// Makes the images known. If that fails or is never reached, the import's folder among the ingest stays: it says that the stores
    /// hold what nobody knows of, which the next collection removes.
    /// </param>
    public void Commit(Action record) => _staging.Commit(record);

    public void Dispose() => _staging.Dispose();

    /// <summary>Stages what a reader takes out of the archive or folder at the path, which is in every message.</summary>
    internal static StagedImport Of(string path, ImageStaging staging, Func<IReadOnlyList<ImportedImage>> read)
    {
        try
        {
            return Of(staging, read);
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"{path}: {e.Message}");
        }
    }

    /// <summary>Stages what a reader brings.</summary>
    internal static StagedImport Of(ImageStaging staging, Func<IReadOnlyList<ImportedImage>> read)
    {
        StagedImport? staged = null;
        try
        {
            staged = new(staging, read());
            return staged;
        }
        finally
        {
            if (staged is null)
            {
                staging.Dispose();
            }
        }
    }
}
