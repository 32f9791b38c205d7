using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Makes networks. The first container that is attached brings one into the kernel.</summary>
[Cmdlet(VerbsCommon.New, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerNetwork))]
public sealed class NewContainerNetworkCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter]
    [ArgumentCompleter(typeof(NetworkDriverCompleter))]
    public string? Driver { get; set; }

    [Parameter]
    public string[] Subnet { get; set; } = [];

    [Parameter]
    public string[] Gateway { get; set; } = [];

    [Parameter]
    [Alias("IPRange")]
    public string[] Range { get; set; } = [];

    [Parameter]
    public SwitchParameter IPv6 { get; set; }

    [Parameter]
    public SwitchParameter Internal { get; set; }

    /// <summary>No resolver for the names of containers.</summary>
    [Parameter]
    public SwitchParameter NoName { get; set; }

    [Parameter]
    public string? Interface { get; set; }

    [Parameter]
    public int? Mtu { get; set; }

    [Parameter]
    public int? Vlan { get; set; }

    [Parameter]
    [KeyValues]
    public IDictionary<string, string>? Option { get; set; }

    [Parameter]
    [KeyValues(ValueIsOptional = true)]
    public IDictionary<string, string>? Label { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "New-ContainerNetwork"))
            {
                ForItem(name, () => WriteObject(Services.CreateNetwork.Execute(Creation(name))));
            }
        }
    }

    private NetworkCreation Creation(string name) => new()
    {
        Name = name,
        Driver = Driver,
        Subnet = Subnet,
        Gateway = Gateway,
        Range = Range,
        IPv6 = IPv6,
        Internal = Internal,
        WithoutNames = NoName,
        Interface = Interface,
        Mtu = Mtu,
        Vlan = Vlan,
        Options = Option?.AsReadOnly(),
        Labels = Label?.AsReadOnly(),
    };
}
