using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Reads what containers wrote.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog")]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The last so many lines, of both streams together.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Goes on with new lines until the container ends.</summary>
    [Parameter]
    public SwitchParameter Follow { get; set; }

    /// <summary>Lines of this stream only.</summary>
    [Parameter]
    public OutputStream? Stream { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForItem(name, () => Write(name, new LogQuery { Tail = Tail, Since = Since, Follow = Follow }));
        }
    }

    private void Write(string name, LogQuery query)
    {
        foreach (var entry in Services.ReadLog.Execute(name, query, StopToken))
        {
            if (Stream is null || Stream == entry.Stream)
            {
                WriteObject(entry);
            }
        }
    }
}
