using PsContainers.Drivers;

namespace PsContainers.Engine.Store;

/// <summary>A container on a network, from before its driver is asked until it gave all back.</summary>
/// <param name="Position">0 has the way to everywhere else.</param>
internal sealed record AttachmentRow(string Container, string Network, int Position, AttachmentRecord Record)
{
    public AttachmentRequest Request => Record.Plan.Request;
}
