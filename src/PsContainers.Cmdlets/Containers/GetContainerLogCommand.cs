using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Reads what containers wrote.</summary>
[Cmdlet(VerbsCommon.Get, "ContainerLog")]
[OutputType(typeof(ContainerLogEntry))]
public sealed class GetContainerLogCommand : NamedContainersCmdlet
{
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

    private protected override void Process(string name) =>
        ForItem(name, () => Write(name, new LogQuery { Tail = Tail, Since = Since, Follow = Follow }));

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
