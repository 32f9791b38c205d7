using System.Diagnostics;
using System.Runtime.Loader;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Peer;

/// <summary>A driver that does what the network's option <c>odd</c> says, and nothing to any link.</summary>
public class OddDriver(DriverEnvironment environment) : INetworkDriver
{
    private static readonly Barrier _meeting = new(4);

    public virtual NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) => OddOf(wanted) switch
    {
        "refuse" => throw new DriverException("the option odd is odd", DriverErrorKind.InvalidRequest, "options.odd"),
        "throw" => throw new InvalidOperationException("a mistake of the driver"),
        "hang" => Hang(wanted),
        "meet" => Meet(wanted),
        "rename" => wanted with { Name = "another" },
        "gateway" => wanted with { Subnets = [new() { Subnet = "10.0.0.0/24", Gateway = "10.0.1.1" }] },
        "null" => null!,
        "environment" => wanted with { Options = new Dictionary<string, string> { ["state"] = environment.StateDirectory } },
        "context" => wanted with
        {
            Options = new Dictionary<string, string> { ["context"] = $"{AssemblyLoadContext.GetLoadContext(GetType().Assembly)}" },
        },
        _ => wanted,
    };

    public AttachmentPlan Plan(AttachmentRequest request) => new() { Request = request, State = new string('s', request.Network.Mtu ?? 1) };

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        if (OddOf(plan.Request.Network) == "obey")
        {
            cancellation.WaitHandle.WaitOne();
            cancellation.ThrowIfCancellationRequested();
        }

        return new() { Interface = plan.Request.Interface, Addresses = plan.Request.Addresses };
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
    }

    // Four calls wait for each other.
    private static NetworkDefinition Meet(NetworkDefinition wanted) => _meeting.SignalAndWait(8000)
        ? wanted
        : throw new DriverException("nobody came", DriverErrorKind.Failed);

    private static string? OddOf(NetworkDefinition network) => network.Options.GetValueOrDefault("odd");

    private static NetworkDefinition Hang(NetworkDefinition wanted)
    {
        Thread.Sleep(4000);
        return wanted;
    }
}

/// <summary>The same with both optional interfaces.</summary>
public sealed class AbleDriver(DriverEnvironment environment) : OddDriver(environment), IPortPublisher, INetworkUpkeep
{
    public void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation)
    {
    }

    public IReadOnlyList<string> Check(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
        [$"{network.Name}: fine"];

    public IReadOnlyList<string> Repair(
        NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) => [];
}

/// <summary>It can't be made.</summary>
public sealed class BrokenDriver : OddDriver
{
    public BrokenDriver(DriverEnvironment environment)
        : base(environment) => throw new FileNotFoundException("its kernel module is missing");
}

/// <summary>It leaves a link on the host.</summary>
public sealed class LeakyDriver(DriverEnvironment environment) : INetworkDriver
{
    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        wanted.Options.Count + wanted.Subnets.Count == 0
            ? wanted
            : throw new DriverException("neither options nor subnets", DriverErrorKind.Unsupported);

    public AttachmentPlan Plan(AttachmentRequest request) => request.Addresses.Count == 0
        ? new() { Request = request }
        : throw new DriverException("no addresses", DriverErrorKind.Unsupported, "addresses");

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", ["link", "add", "leak", "type", "bridge"])
        {
            WorkingDirectory = environment.RunDirectory,
            RedirectStandardError = true,
        })!;
        ip.WaitForExit();
        return new() { Interface = "lo" };
    }

    public void Detach(AttachmentRecord record, CancellationToken cancellation)
    {
    }
}
