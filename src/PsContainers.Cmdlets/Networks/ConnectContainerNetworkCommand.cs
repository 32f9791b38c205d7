using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Networks;

/// <summary>Puts containers on one more network: at once when they run, and for every later start.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerNetwork", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ConnectContainerNetworkCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(NetworkNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Network { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Name", "Id")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Container { get; set; } = [];

    [Parameter]
    [Alias("Ip")]
    public string[] IPAddress { get; set; } = [];

    [Parameter]
    public string? MacAddress { get; set; }

    [Parameter]
    public string[] Alias { get; set; } = [];

    /// <summary>The link's name inside.</summary>
    [Parameter]
    public string? Interface { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord() => ForEachItem(Container, ContainersLike, Connect);

    private void Connect(string container)
    {
        if (ShouldProcess(container, $"Connect-ContainerNetwork {Network}"))
        {
            ForItem(container, () => Write(Services.ConnectNetwork.Execute(Connection(), container, StopToken)));
        }
    }

    private NetworkConnection Connection() => new()
    {
        Network = Network,
        IPAddress = IPAddress,
        MacAddress = MacAddress,
        Alias = Alias,
        Interface = Interface,
    };

    private void Write(Container container)
    {
        if (PassThru)
        {
            WriteObject(container);
        }
    }
}
