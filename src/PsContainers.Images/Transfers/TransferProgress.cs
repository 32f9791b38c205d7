using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>How far a blob has come.</summary>
/// <param name="Total">Bytes of the whole blob.</param>
/// <param name="Done">Bytes that are at the other end, also those that were there before.</param>
public readonly record struct TransferProgress(Digest Blob, TransferPhase Phase, long Done, long Total);
