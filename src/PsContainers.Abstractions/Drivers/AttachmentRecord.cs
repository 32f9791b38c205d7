namespace PsContainers.Drivers;

/// <summary>What the engine kept of an attachment, for its end.</summary>
public sealed record AttachmentRecord
{
    public required AttachmentPlan Plan { get; init; }

    /// <summary>Null when the attachment was never reported done: all, some or nothing of it may be there.</summary>
    public AttachmentResult? Result { get; init; }
}
