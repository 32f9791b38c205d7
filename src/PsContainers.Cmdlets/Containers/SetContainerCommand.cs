using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Gives containers other limits and ports: at once when they run, and for every later start.</summary>
[Cmdlet(VerbsCommon.Set, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SetContainerCommand : NamedContainersCmdlet
{
    [Parameter]
    [MemorySize(TakesUnlimited = true)]
    public long? Memory { get; set; }

    [Parameter]
    [MemorySize(TakesUnlimited = true)]
    public long? MemorySwap { get; set; }

    [Parameter]
    [MemorySize]
    public long? MemoryReservation { get; set; }

    [Parameter]
    public double? Cpus { get; set; }

    [Parameter]
    public long? CpuShares { get; set; }

    [Parameter]
    [NumberList]
    public string? CpuSet { get; set; }

    [Parameter]
    public long? PidsLimit { get; set; }

    [Parameter]
    [PortMappings]
    [AllowEmptyCollection]
    [Alias("p")]
    public PortMapping[]? Publish { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Set-Container"))
        {
            ForItem(name, () => Write(Services.UpdateContainer.Execute(name, Update(), StopToken)));
        }
    }

    private ContainerUpdate Update() => new()
    {
        Memory = Memory,
        MemorySwap = MemorySwap,
        MemoryReservation = MemoryReservation,
        Cpus = Cpus,
        CpuShares = CpuShares,
        CpuSet = CpuSet,
        PidsLimit = PidsLimit,
        Ports = Publish,
    };

    private void Write(Container container)
    {
        if (PassThru)
        {
            WriteObject(container);
        }
    }
}
