using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Changes networks: labels at any time, all else while no container is attached.</summary>
[Cmdlet(VerbsCommon.Set, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class SetContainerNetworkCommand : NamedNetworksCmdlet
{
    [Parameter]
    public bool? Internal { get; set; }

    /// <summary>Whether containers find each other by name.</summary>
    [Parameter]
    public bool? Names { get; set; }

    [Parameter]
    public int? Mtu { get; set; }

    [Parameter]
    [KeyValues]
    public IDictionary<string, string>? Option { get; set; }

    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Set-ContainerNetwork"))
        {
            ForItem(name, () => Write(Services.ChangeNetwork.Execute(name, new NetworkUpdate
            {
                Internal = Internal,
                Names = Names,
                Mtu = Mtu,
                Options = Option?.AsReadOnly(),
                Labels = Label?.AsReadOnly(),
            }, StopToken)));
        }
    }

    private void Write(ContainerNetwork network)
    {
        if (PassThru)
        {
            WriteObject(network);
        }
    }
}
