namespace PsContainers.Drivers;

/// <summary>What a driver decided about an attachment. The engine keeps it before it asks for the attachment itself.</summary>
public sealed record AttachmentPlan
{
    public required AttachmentRequest Request { get; init; }

    /// <summary>The driver's own, at most 64 KiB.</summary>
    public string? State { get; init; }
}
