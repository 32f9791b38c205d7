using System.Management.Automation;
using PsContainers.Host.Internals;

namespace PsContainers.Host.Utility;

/// <summary>Picks objects, or properties of objects.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = new();
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || (Last is null && _seen++ < Skip))
        {
            return;
        }

        if (Last is not null)
        {
            // With -Last, -Skip counts from the end.
            _last.Enqueue(InputObject);
            if (_last.Count > Last + Skip)
            {
                _last.Dequeue();
            }

            return;
        }

        if (First is null || _written < First)
        {
            Select(InputObject);
            _written++;
        }

        if (_written >= First)
        {
            throw EngineInternals.StopUpstream(this);
        }
    }

    protected override void EndProcessing()
    {
        foreach (var item in _last.SkipLast(Skip))
        {
            Select(item);
        }
    }

    private void Select(PSObject item)
    {
        var picked = Property.Length == 0 ? item : ObjectProperties.Pick(item, Property);
        if (ExpandProperty is null)
        {
            WriteObject(picked);
            return;
        }

        var values = ObjectProperties.ValuesOf(item, ExpandProperty).ToArray();
        if (values.Length == 0)
        {
            var missing = new PSArgumentException($"property '{ExpandProperty}' cannot be found");
            WriteError(new ErrorRecord(missing, "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
        }

        foreach (var value in values)
        {
            WriteObject(value, enumerateCollection: true);
        }
    }
}
