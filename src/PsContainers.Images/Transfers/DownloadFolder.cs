using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>Blobs on their way from a registry, each a file that its digest names; what is there of one is never fetched twice.</summary>
/// <remarks>
/// A file stays when its download is cut off or its image is given up, so that the next try goes on where this one ended. Who holds its
/// lock may write to it; <see cref="RemoveAbandoned"/> takes away what nobody came back for.
/// </remarks>
public sealed class DownloadFolder(string directory)
{
    /// <summary>How long the remains of a download are kept for another try.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes the downloads that were last written to before a time; nobody may be downloading.</summary>
    /// <param name="before">UTC. <see cref="DateTime.MaxValue"/> takes them all.</param>
    public void RemoveAbandoned(DateTime before)
    {
        foreach (var file in Files().Where(file => file.LastWriteTimeUtc < before))
        {
            file.Delete();
        }
    }

    /// <summary>The downloads that are there, whole or in part.</summary>
    public IReadOnlyList<FileInfo> Files() => Directory.Exists(directory) ? new DirectoryInfo(directory).GetFiles() : [];

    /// <summary>Waits until nobody else downloads the blob, and takes it over.</summary>
    /// <returns>Null when the blob is in the store by then.</returns>
    internal async Task<DownloadFile?> AcquireAsync(Digest digest, ContentStore content, CancellationToken stop)
    {
        Directory.CreateDirectory(directory, ContentStore.OwnerOnly);
        var path = Path.Combine(directory, $"{digest.Algorithm}-{digest.Hex}");
        while (!content.Contains(digest))
        {
            if (DownloadFile.TryOpen(path) is { } file)
            {
                if (!content.Contains(digest))
                {
                    return file;
                }

                // Stored between the look and the lock: what was opened is a new, empty file.
                file.Discard();
                file.Dispose();
                break;
            }

            await Task.Delay(_pause, stop).ConfigureAwait(false);
        }

        return null;
    }
}
