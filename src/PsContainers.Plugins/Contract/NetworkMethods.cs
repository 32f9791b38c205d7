using PsContainers.Drivers;

namespace PsContainers.Plugins.Contract;

/// <summary>The calls of a network driver.</summary>
internal static class NetworkMethods
{
    private static readonly Done _done = new();

    public static DriverMethod<DefineQuestion, NetworkDefinition> Define { get; } =
        new DriverMethod<INetworkDriver, DefineQuestion, NetworkDefinition>(
            "define", () => MessageJson.Default.DefineQuestion, () => DriverJson.Default.NetworkDefinition, timeouts => timeouts.Define,
            (driver, question, _) => driver.Define(question.Wanted, question.Others));

    public static DriverMethod<PlanQuestion, AttachmentPlan> Plan { get; } =
        new DriverMethod<INetworkDriver, PlanQuestion, AttachmentPlan>(
            "plan", () => MessageJson.Default.PlanQuestion, () => DriverJson.Default.AttachmentPlan, timeouts => timeouts.Plan,
            (driver, question, _) => driver.Plan(question.Request));

    public static DriverMethod<AttachQuestion, AttachmentResult> Attach { get; } =
        new DriverMethod<INetworkDriver, AttachQuestion, AttachmentResult>(
            "attach", () => MessageJson.Default.AttachQuestion, () => DriverJson.Default.AttachmentResult, timeouts => timeouts.Attach,
            (driver, question, cancellation) => driver.Attach(question.Plan, cancellation));

    public static DriverMethod<DetachQuestion, Done> Detach { get; } = new DriverMethod<INetworkDriver, DetachQuestion, Done>(
        "detach", () => MessageJson.Default.DetachQuestion, () => MessageJson.Default.Done, timeouts => timeouts.Detach,
        (driver, question, cancellation) =>
        {
            driver.Detach(question.Record, cancellation);
            return _done;
        });

    public static DriverMethod<PublishQuestion, Done> Publish { get; } = new DriverMethod<IPortPublisher, PublishQuestion, Done>(
        "publish", () => MessageJson.Default.PublishQuestion, () => MessageJson.Default.Done, timeouts => timeouts.Publish,
        (driver, question, cancellation) =>
        {
            driver.Publish(question.Record, question.Ports, cancellation);
            return _done;
        });

    public static DriverMethod<UpkeepQuestion, IReadOnlyList<string>> Check { get; } =
        new DriverMethod<INetworkUpkeep, UpkeepQuestion, IReadOnlyList<string>>(
            "check", () => MessageJson.Default.UpkeepQuestion, () => DriverJson.Default.IReadOnlyListString, timeouts => timeouts.Check,
            (driver, question, cancellation) => driver.Check(question.Network, question.Attachments, cancellation));

    public static DriverMethod<UpkeepQuestion, IReadOnlyList<string>> Repair { get; } =
        new DriverMethod<INetworkUpkeep, UpkeepQuestion, IReadOnlyList<string>>(
            "repair", () => MessageJson.Default.UpkeepQuestion, () => DriverJson.Default.IReadOnlyListString, timeouts => timeouts.Repair,
            (driver, question, cancellation) => driver.Repair(question.Network, question.Attachments, cancellation));
}
