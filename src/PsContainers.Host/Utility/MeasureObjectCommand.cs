using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Counts objects, and adds up what they hold.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object")]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private readonly List<double> _numbers = [];
    private int _count;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string? Property { get; set; }

    [Parameter]
    public SwitchParameter Sum { get; set; }

    [Parameter]
    public SwitchParameter Average { get; set; }

    [Parameter]
    public SwitchParameter Minimum { get; set; }

    [Parameter]
    public SwitchParameter Maximum { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        _count++;
        if (Sum || Average || Minimum || Maximum)
        {
            var values = Property is null ? [InputObject.BaseObject] : ObjectProperties.ValuesOf(InputObject, Property);
            _numbers.AddRange(values.Where(value => value is not null).Select(LanguagePrimitives.ConvertTo<double>));
        }
    }

    protected override void EndProcessing()
    {
        var result = new PSObject();
        Add(result, nameof(Property), Property);
        Add(result, "Count", _count);
        Add(result, nameof(Sum), Sum ? _numbers.Sum() : null);
        Add(result, nameof(Average), Average && _numbers.Count > 0 ? _numbers.Average() : null);
        Add(result, nameof(Minimum), Minimum && _numbers.Count > 0 ? _numbers.Min() : null);
        Add(result, nameof(Maximum), Maximum && _numbers.Count > 0 ? _numbers.Max() : null);
        WriteObject(result);
    }

    private static void Add(PSObject result, string name, object? value) => result.Properties.Add(new PSNoteProperty(name, value));
}
