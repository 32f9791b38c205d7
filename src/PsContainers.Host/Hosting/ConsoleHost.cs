using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace PsContainers.Host.Hosting;

/// <summary>What PowerShell's engine knows of the program around it.</summary>
internal sealed class ConsoleHost(ConsoleUserInterface ui) : PSHost
{
    private readonly PSObject _privateData = new(new ConsoleColors());

    /// <summary>Set by <c>exit N</c>.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "ConsoleHost";

    public override Version Version { get; } = typeof(ConsoleHost).Assembly.GetName().Version!;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override PSObject PrivateData => _privateData;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    // A native command on the terminal draws over progress bars and may change the terminal's modes: nothing of ours is in its way.
    public override void NotifyBeginApplication() => ui.ClearProgress();

    public override void NotifyEndApplication()
    {
    }

    public override void EnterNestedPrompt() =>
        throw new PSNotSupportedException("psc has no nested prompt; answer with another choice than Suspend");

    public override void ExitNestedPrompt() => throw new PSNotSupportedException("psc has no nested prompt");
}
