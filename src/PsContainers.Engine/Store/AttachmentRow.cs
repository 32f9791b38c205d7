using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>A container on a network, from before its driver is asked until it gave all back.</summary>
/// <param name="Position">In the order of attachment.</param>
internal sealed record AttachmentRow(string Container, string Network, int Position, AttachmentRecord Record)
{
    public AttachmentRequest Request => Record.Plan.Request;

    /// <summary>The one of a container's attachments that has its way to everywhere else, and its ports.</summary>
    public static AttachmentRow? MainOf(List<AttachmentRow> attachments) =>
        attachments.FindLast(row => row.Request.IsDefaultRoute) ?? (attachments is [var first, ..] ? first : null);
}
