using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Waits until containers have ended, and returns them with their exit codes.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Container")]
[OutputType(typeof(Container))]
public sealed class WaitContainerCommand : NamedContainersCmdlet
{
    /// <summary>Seconds to wait at most, for each container.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Alias("TimeoutSec")]
    public double? Timeout { get; set; }

    private protected override void Process(string name)
    {
        TimeSpan? timeout = Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        ForItem(name, () => WriteObject(Services.WaitContainer.Execute(name, timeout, StopToken)));
    }
}
