using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Sorts objects by themselves or by properties; equal ones keep their order.</summary>
[Cmdlet("Sort", "Object")]
public sealed class SortObjectCommand : PSCmdlet, IComparer<object?[]>
{
    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    public int Compare(object?[]? x, object?[]? y)
    {
        for (var i = 0; i < x!.Length; i++)
        {
            if (CompareValues(x[i], y![i]) is var order and not 0)
            {
                return order;
            }
        }

        return 0;
    }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var sorted = Descending ? _items.OrderByDescending(KeyOf, this) : _items.OrderBy(KeyOf, this);
        object?[]? before = null;
        foreach (var item in sorted)
        {
            var key = KeyOf(item);
            if (!Unique || before is null || Compare(before, key) != 0)
            {
                WriteObject(item);
            }

            before = key;
        }
    }

    private object?[] KeyOf(PSObject item) => Property.Length == 0
        ? [item.BaseObject]
        : [.. Property.Select(property => ObjectProperties.ValuesOf(item, property).FirstOrDefault())];

    private static int CompareValues(object? x, object? y) => LanguagePrimitives.TryCompare(x, y, ignoreCase: true, out var order)
        ? order
        : StringComparer.OrdinalIgnoreCase.Compare(LanguagePrimitives.ConvertTo<string>(x), LanguagePrimitives.ConvertTo<string>(y));
}
