namespace PsContainers.Drivers;

/// <summary>A network driver that can publish ports, also of a container that is attached already.</summary>
public interface IPortPublisher
{
    /// <summary>Makes the published ports of an attachment these, in one step.</summary>
    void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation);
}
