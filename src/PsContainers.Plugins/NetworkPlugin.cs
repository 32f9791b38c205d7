using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins;

/// <summary>A network driver of a plugin, whatever its transport: every call ends in time, and every answer was checked.</summary>
/// <remarks>
/// All that goes wrong is a <see cref="DriverException"/>. After an <see cref="Attach"/> that failed because the plugin broke the contract,
/// all, some or nothing of the attachment may be there: <see cref="Detach"/> it without a result.
/// </remarks>
public sealed class NetworkPlugin : INetworkDriver
{
    private readonly CheckedCalls _calls;

    internal NetworkPlugin(PluginManifest manifest, LazyChannel channel)
    {
        Name = manifest.Name;
        _calls = new CheckedCalls(Name, channel);
        Ports = manifest.Capabilities.Contains(DriverCapability.Ports) ? new Publisher(_calls) : null;
        Upkeep = manifest.Capabilities.Contains(DriverCapability.Upkeep) ? new Mender(_calls) : null;
    }

    public string Name { get; }

    /// <summary>Null when it can't publish ports.</summary>
    public IPortPublisher? Ports { get; }

    /// <summary>Null when it can't check what it made.</summary>
    public INetworkUpkeep? Upkeep { get; }

    /// <summary>The plugin's process, while there is one.</summary>
    internal int? ProcessId => _calls.ProcessId;

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        _calls.Ask(NetworkMethods.Define, new(wanted, others), Completed.Of, answer => AnswerCheck.Define(wanted, answer), default);

    public AttachmentPlan Plan(AttachmentRequest request) =>
        _calls.Ask(NetworkMethods.Plan, new(request), Completed.Of, answer => AnswerCheck.Plan(request, answer), default) with
        {
            Request = request,
        };

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation) =>
        _calls.Ask(NetworkMethods.Attach, new(plan), Completed.Of, answer => AnswerCheck.Attach(plan.Request, answer), cancellation);

    public void Detach(AttachmentRecord record, CancellationToken cancellation) =>
        _calls.Tell(NetworkMethods.Detach, new(record), cancellation);

    private sealed class Publisher(CheckedCalls calls) : IPortPublisher
    {
        public void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation) =>
            calls.Tell(NetworkMethods.Publish, new(record, ports), cancellation);
    }

    private sealed class Mender(CheckedCalls calls) : INetworkUpkeep
    {
        public IReadOnlyList<string> Check(
            NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
            Lines(NetworkMethods.Check, network, attachments, cancellation);

        public IReadOnlyList<string> Repair(
            NetworkDefinition network, IReadOnlyList<AttachmentRecord> attachments, CancellationToken cancellation) =>
            Lines(NetworkMethods.Repair, network, attachments, cancellation);

        private IReadOnlyList<string> Lines(
            DriverMethod<UpkeepQuestion, IReadOnlyList<string>> method,
            NetworkDefinition network,
            IReadOnlyList<AttachmentRecord> attachments,
            CancellationToken cancellation) =>
            [.. calls.Ask(method, new(network, attachments), lines => lines, AnswerCheck.Lines, cancellation)
                .Select(line => Abridged.Of(line, Abridged.LongestMessage))];
    }
}
