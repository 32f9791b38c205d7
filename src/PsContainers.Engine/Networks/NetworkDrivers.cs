using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Plugins;

namespace PsContainers.Engine.Networks;

/// <summary>The network drivers, with their failures as the engine reports them. Nothing is loaded before it is needed.</summary>
internal sealed class NetworkDrivers(Lazy<PluginHost> plugins)
{
    /// <summary>The name of the driver of networks that name none.</summary>
    public string Default => Guard("networks", () => plugins.Value.DefaultNetworkDriver);

    /// <exception cref="ContainerEngineException">NetworkDriverNotFound, NetworkInvalid, NetworkDriverFailed</exception>
    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        Call(wanted, "be made", driver => driver.Define(wanted, others));

    public AttachmentPlan Plan(AttachmentRequest request) =>
        Call(request.Network, $"take the container '{request.ContainerName}'", driver => driver.Plan(request));

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation) => Call(
        plan.Request.Network, $"attach the container '{plan.Request.ContainerName}'", driver => driver.Attach(plan, cancellation));

    public void Detach(AttachmentRecord record, CancellationToken cancellation) => Call(
        record.Plan.Request.Network,
        $"detach the container '{record.Plan.Request.ContainerName}'",
        driver =>
        {
            driver.Detach(record, cancellation);
            return true;
        });

    /// <exception cref="ContainerEngineException">Also when the driver has no such thing.</exception>
    public void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation)
    {
        var network = record.Plan.Request.Network;
        Call(network, "publish ports", driver =>
        {
            var publisher = driver.Ports
                ?? throw new DriverException(
                    $"the driver '{network.Driver}' has no way to change the ports of a container that runs", DriverErrorKind.Unsupported);
            publisher.Publish(record, ports, cancellation);
            return true;
        });
    }

    /// <summary>Mends what the kernel lost or has too much of; nothing where the driver has no such thing.</summary>
    public IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, bool check, CancellationToken cancellation) => Call(
        network,
        check ? "be checked" : "be repaired",
        driver => driver.Upkeep is not { } upkeep ? []
            : check ? upkeep.Check(network, attachments, cancellation)
            : upkeep.Repair(network, attachments, cancellation));

    private T Call<T>(NetworkDefinition network, string act, Func<NetworkPlugin, T> call)
    {
        var driver = Guard(network.Driver, () => plugins.Value.NetworkDriver(network.Driver));
        try
        {
            return call(driver);
        }
        catch (DriverException e)
        {
            throw NetworkErrors.DriverFailed(network.Name, act, e);
        }
    }

    private static T Guard<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DriverException e)
        {
            throw NetworkErrors.DriverNotFound(what, e);
        }
    }
}
