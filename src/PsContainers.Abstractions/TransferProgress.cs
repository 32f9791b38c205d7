namespace PsContainers;

/// <summary>How far a part of an image has come on its way from or to a registry.</summary>
/// <param name="Blob">The part's digest.</param>
/// <param name="Phase">What happens to it.</param>
/// <param name="Done">Bytes that are at the other end, also those that were there before.</param>
/// <param name="Total">Bytes of the whole part.</param>
public readonly record struct TransferProgress(string Blob, TransferPhase Phase, long Done, long Total);
