using PsContainers.Drivers;

namespace PsContainers.Engine.Errors;

/// <summary>Failures about networks and ports, with ids that never change between versions.</summary>
/// <remarks>
/// NetworkNotFound, NetworkAmbiguous, NetworkNameInUse, NetworkNameInvalid, NetworkInUse, NetworkBusy, NetworkInvalid,
/// NetworkDriverNotFound, NetworkDriverFailed, NetworkNotConnected, NetworkConnected, NetworkUnsupported, AddressInUse,
/// AddressesExhausted, PortInUse.
/// </remarks>
internal static class NetworkErrors
{
    public static ContainerEngineException NotFound(string network) =>
        New("NetworkNotFound", EngineErrorKind.NotFound, network, $"network '{network}' does not exist");

    public static ContainerEngineException Ambiguous(string prefix, IEnumerable<string> ids) => New(
        "NetworkAmbiguous", EngineErrorKind.InvalidArgument, prefix,
        $"'{prefix}' is the beginning of several networks' ids: {string.Join(", ", ids)}");

    public static ContainerEngineException NameInUse(string name) =>
        New("NetworkNameInUse", EngineErrorKind.AlreadyExists, name, $"a network named '{name}' exists already");

    public static ContainerEngineException Crowded(string name, TimeSpan patience) => New(
        "NetworkBusy", EngineErrorKind.Timeout, name,
        $"network '{name}' cannot be made: for {patience.TotalSeconds} s others made and removed networks without a pause");

    public static ContainerEngineException NameInvalid(string name, string cause) =>
        New("NetworkNameInvalid", EngineErrorKind.InvalidArgument, name, $"network name '{name}' {cause}");

    public static ContainerEngineException InUse(string name, IEnumerable<string> containers) => New(
        "NetworkInUse", EngineErrorKind.InUse, name,
        $"network '{name}' is used by {string.Join(", ", containers.Select(container => $"'{container}'"))}");

    public static ContainerEngineException NotConnected(string network, string container) => New(
        "NetworkNotConnected", EngineErrorKind.InvalidState, container, $"container '{container}' is not on the network '{network}'");

    public static ContainerEngineException NotGivenBack(string container, string cause) => New(
        "NetworkDriverFailed", EngineErrorKind.Failed, container,
        $"container '{container}' cannot be attached: what it had before is not given back: {cause}");

    public static ContainerEngineException Connected(string network, string container) => New(
        "NetworkConnected", EngineErrorKind.InvalidState, container, $"container '{container}' is on the network '{network}' already");

    public static ContainerEngineException Unsupported(string container, string cause) =>
        New("NetworkUnsupported", EngineErrorKind.InvalidState, container, $"container '{container}' {cause}");

    public static ContainerEngineException AddressInUse(string network, string address, string holder) => New(
        "AddressInUse", EngineErrorKind.InUse, address, $"address {address} of network '{network}' belongs to the container '{holder}'");

    public static ContainerEngineException AddressOutside(string network, string address, string cause) => New(
        "NetworkInvalid", EngineErrorKind.InvalidArgument, address, $"address {address} of network '{network}' cannot be given: {cause}");

    public static ContainerEngineException AddressesExhausted(string network, string subnet) => New(
        "AddressesExhausted", EngineErrorKind.InUse, network, $"network '{network}' has no address left in {subnet}");

    public static ContainerEngineException PortInUse(PortMapping port, string holder) => New(
        "PortInUse", EngineErrorKind.InUse, port,
        $"port {port.HostPort}/{port.Protocol} of {port.HostAddress ?? "the host"} is in use by {holder}");

    public static ContainerEngineException DriverNotFound(string driver, Exception cause) =>
        New("NetworkDriverNotFound", EngineErrorKind.NotFound, driver, cause.Message, cause);

    /// <param name="act">What was asked of it: <c>attach the container 'web'</c>.</param>
    public static ContainerEngineException DriverFailed(string network, string act, DriverException cause) => New(
        cause.Kind == DriverErrorKind.InvalidRequest ? "NetworkInvalid" : "NetworkDriverFailed",
        cause.Kind switch
        {
            DriverErrorKind.InvalidRequest or DriverErrorKind.Unsupported => EngineErrorKind.InvalidArgument,
            DriverErrorKind.InUse or DriverErrorKind.Exhausted => EngineErrorKind.InUse,
            _ => EngineErrorKind.Failed,
        },
        network,
        $"network '{network}' cannot {act}: {(cause.Field is { } field ? $"{field}: " : "")}{cause.Message}",
        cause);

    /// <summary>It was asked in passing, and is asked again by the next who needs what the container had.</summary>
    public static ContainerEngineException DriverSlow(NetworkDefinition network, string container) => New(
        "NetworkDriverFailed", EngineErrorKind.Failed, network.Name,
        $"network '{network.Name}' has not given back what the container '{container}' had: it is slow");

    private static ContainerEngineException New(string id, EngineErrorKind kind, object? target, string message, Exception? inner = null) =>
        new(message, id, kind, target, inner);
}
