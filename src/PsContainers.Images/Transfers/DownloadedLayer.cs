using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>A layer that a registry hands out, read while it comes.</summary>
internal sealed class DownloadedLayer(BlobDownload download, IProgress<TransferProgress>? progress)
    : LayerSource(download.Blob.Digest.ToString())
{
    internal override Digest Digest => download.Blob.Digest;

    internal override bool IsIndependent => true;

    internal override Stream Open(ContentStaging content, CancellationToken stop) => download.Open(stop);

    internal override Descriptor Finish(ContentStaging content)
    {
        download.Finish(content);
        progress?.Report(new(Name, TransferPhase.Done, download.Blob.Size, download.Blob.Size));
        return download.Blob;
    }

    internal override string Blame(ImageFormatException failure) => download.Fault() ?? failure.Message;
}
