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
    private readonly PluginFolder _plugin;
    private readonly LazyChannel _channel;

    internal NetworkPlugin(PluginFolder plugin, LazyChannel channel)
    {
        _plugin = plugin;
        _channel = channel;
        var capabilities = plugin.Manifest.Capabilities;
        Ports = capabilities.Contains(DriverCapability.Ports) ? new Publisher(this) : null;
        Upkeep = capabilities.Contains(DriverCapability.Upkeep) ? new Mender(this) : null;
    }

    public string Name => _plugin.Manifest.Name;

    /// <summary>Null when it can't publish ports.</summary>
    public IPortPublisher? Ports { get; }

    /// <summary>Null when it can't check what it made.</summary>
    public INetworkUpkeep? Upkeep { get; }

    /// <summary>The plugin's process, while there is one.</summary>
    internal int? ProcessId => _channel.ProcessId;

    public NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others) =>
        Ask(NetworkMethods.Define, new(wanted, others), Completed.Of, answer => AnswerCheck.Define(wanted, answer), default);

    public AttachmentPlan Plan(AttachmentRequest request) =>
        Ask(NetworkMethods.Plan, new(request), Completed.Of, answer => AnswerCheck.Plan(request, answer), default) with
        {
            Request = request,
        };

    public AttachmentResult Attach(AttachmentPlan plan, CancellationToken cancellation) =>
        Ask(NetworkMethods.Attach, new(plan), Completed.Of, answer => AnswerCheck.Attach(plan.Request, answer), cancellation);

    public void Detach(AttachmentRecord record, CancellationToken cancellation) =>
        Ask(NetworkMethods.Detach, new(record), done => done, _ => null, cancellation);

    private TAnswer Ask<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method,
        TQuestion question,
        Func<TAnswer, TAnswer?> complete,
        Func<TAnswer?, JsonMismatch?> check,
        CancellationToken cancellation)
        where TAnswer : class
    {
        var answer = complete(_channel.Call(method, question, cancellation));
        return check(answer) is { } mismatch
            ? throw new DriverException($"plugin {Name} answered {method.Name} with {mismatch}", DriverErrorKind.Failed, mismatch.Field)
            : answer!;
    }

    private sealed class Publisher(NetworkPlugin plugin) : IPortPublisher
    {
        public void Publish(AttachmentRecord record, IReadOnlyList<PortMapping> ports, CancellationToken cancellation) =>
            plugin.Ask(NetworkMethods.Publish, new(record, ports), done => done, _ => null, cancellation);
    }

    private sealed class Mender(NetworkPlugin plugin) : INetworkUpkeep
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
            [.. plugin.Ask(method, new(network, attachments), lines => lines, AnswerCheck.Lines, cancellation)
                .Select(line => Abridged.Of(line, Abridged.LongestMessage))];
    }
}
