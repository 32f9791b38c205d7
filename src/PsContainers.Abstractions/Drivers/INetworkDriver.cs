namespace PsContainers.Drivers;

/// <summary>Connects containers to networks of one kind. plugins/PLUGINS.md is the contract in full.</summary>
/// <remarks>
/// A driver in .NET has a public constructor that takes a <see cref="DriverEnvironment"/>. Calls come from several threads, and from
/// several sessions at once, each with a driver of its own. Whatever a user got wrong is refused by <see cref="Define"/> and
/// <see cref="Plan"/>, which change nothing; every failure is a <see cref="DriverException"/>.
/// </remarks>
public interface INetworkDriver
{
    /// <summary>
    /// Checks what a user wants of a new network, and fills in what he left open: the subnet, its gateway, the link's name.
    /// </summary>
    /// <param name="others">The networks that there are, of whatever driver.</param>
    NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others);

    /// <summary>Checks one attachment, and decides all that <see cref="Attach"/> and <see cref="Detach"/> need to know.</summary>
    AttachmentPlan Plan(AttachmentRequest request);

    /// <summary>Connects a container's network namespace. When it fails, nothing of it is left.</summary>
    AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation);

    /// <summary>Gives back all that <see cref="Attach"/> took, if it took anything; may be called twice.</summary>
    /// <remarks>It goes on past what fails, and reports that at its end.</remarks>
    void Detach(AttachmentRecord record, CancellationToken cancellation);
}
