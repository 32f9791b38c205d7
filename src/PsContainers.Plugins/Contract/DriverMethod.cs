using System.Text.Json.Serialization.Metadata;
using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Contract;

/// <summary>A call of the contract: its name, what is sent and answered, and how an object in this process does it.</summary>
/// <remarks>How it is sent is found out when it is sent: a session that needs drivers of assemblies only never asks.</remarks>
internal sealed class DriverMethod<TQuestion, TAnswer>(
    string name,
    Func<JsonTypeInfo<TQuestion>> question,
    Func<JsonTypeInfo<TAnswer>> answer,
    Func<PluginTimeouts, double> seconds,
    Func<INetworkDriver, TQuestion, CancellationToken, TAnswer> invoke)
{
    public string Name => name;

    public JsonTypeInfo<TQuestion> Question => question();

    public JsonTypeInfo<TAnswer> Answer => answer();

    public double SecondsOf(PluginTimeouts timeouts) => seconds(timeouts);

    public TAnswer Invoke(INetworkDriver driver, TQuestion asked, CancellationToken cancellation) => invoke(driver, asked, cancellation);
}

/// <summary>The calls of a network driver.</summary>
internal static class NetworkMethods
{
    private static readonly Done _done = new();

    public static DriverMethod<DefineQuestion, NetworkDefinition> Define { get; } = new(
        "define", () => MessageJson.Default.DefineQuestion, () => DriverJson.Default.NetworkDefinition, timeouts => timeouts.Define,
        (driver, question, _) => driver.Define(question.Wanted, question.Others));

    public static DriverMethod<PlanQuestion, AttachmentPlan> Plan { get; } = new(
        "plan", () => MessageJson.Default.PlanQuestion, () => DriverJson.Default.AttachmentPlan, timeouts => timeouts.Plan,
        (driver, question, _) => driver.Plan(question.Request));

    public static DriverMethod<AttachQuestion, AttachmentResult> Attach { get; } = new(
        "attach", () => MessageJson.Default.AttachQuestion, () => DriverJson.Default.AttachmentResult, timeouts => timeouts.Attach,
        (driver, question, cancellation) => driver.Attach(question.Plan, cancellation));

    public static DriverMethod<DetachQuestion, Done> Detach { get; } = new(
        "detach", () => MessageJson.Default.DetachQuestion, () => MessageJson.Default.Done, timeouts => timeouts.Detach,
        (driver, question, cancellation) =>
        {
            driver.Detach(question.Record, cancellation);
            return _done;
        });

    public static DriverMethod<PublishQuestion, Done> Publish { get; } = new(
        "publish", () => MessageJson.Default.PublishQuestion, () => MessageJson.Default.Done, timeouts => timeouts.Publish,
        (driver, question, cancellation) =>
        {
            ((IPortPublisher)driver).Publish(question.Record, question.Ports, cancellation);
            return _done;
        });

    public static DriverMethod<UpkeepQuestion, IReadOnlyList<string>> Check { get; } = new(
        "check", () => MessageJson.Default.UpkeepQuestion, () => DriverJson.Default.IReadOnlyListString, timeouts => timeouts.Check,
        (driver, question, cancellation) => ((INetworkUpkeep)driver).Check(question.Network, question.Attachments, cancellation));

    public static DriverMethod<UpkeepQuestion, IReadOnlyList<string>> Repair { get; } = new(
        "repair", () => MessageJson.Default.UpkeepQuestion, () => DriverJson.Default.IReadOnlyListString, timeouts => timeouts.Repair,
        (driver, question, cancellation) => ((INetworkUpkeep)driver).Repair(question.Network, question.Attachments, cancellation));
}
