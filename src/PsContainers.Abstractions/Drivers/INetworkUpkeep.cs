namespace PsContainers.Drivers;

/// <summary>A network driver that can say, and mend, where the kernel does not agree with what was attached.</summary>
public interface INetworkUpkeep
{
    /// <summary>
    /// What is missing of these attachments, and what is there without one; each in a line that names it. Changes nothing.
    /// </summary>
    /// <param name="attachments">All attachments of <paramref name="network"/> that should exist.</param>
    IReadOnlyList<string> Check(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation);

    /// <summary>Mends what <see cref="Check"/> finds, and returns what it mended.</summary>
    IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation);
}
