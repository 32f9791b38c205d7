using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Groups objects that agree in themselves or in properties.</summary>
[Cmdlet("Group", "Object")]
public sealed class GroupObjectCommand : PSCmdlet
{
    // The engine brings a view for this type; the class itself lies in PowerShell's Utility module.
    private const string ViewType = "Microsoft.PowerShell.Commands.GroupInfo";

    private readonly List<PSObject> _items = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter NoElement { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var comparer = StringComparer.CurrentCultureIgnoreCase;
        foreach (var group in _items.GroupBy(NameOf, comparer).OrderBy(group => group.Key, comparer))
        {
            var result = new PSObject();
            result.TypeNames.Insert(0, NoElement ? ViewType + "NoElement" : ViewType);
            result.Properties.Add(new PSNoteProperty("Count", group.Count()));
            result.Properties.Add(new PSNoteProperty("Name", group.Key));
            if (!NoElement)
            {
                result.Properties.Add(new PSNoteProperty("Group", group.ToArray()));
            }

            WriteObject(result);
        }
    }

    private string NameOf(PSObject item) => Property.Length == 0
        ? TextOf(item)
        : string.Join(", ", Property.Select(property => TextOf(ObjectProperties.ValuesOf(item, property).FirstOrDefault())));

    private static string TextOf(object? value) => LanguagePrimitives.ConvertTo<string>(value) ?? "";
}
