using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>What objects have to offer: each type's properties and methods, once.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
public sealed class GetMemberCommand : PSCmdlet
{
    // The engine brings a view for this type; the class itself lies in PowerShell's Utility module.
    private const string ViewType = "Microsoft.PowerShell.Commands.MemberDefinition";

    private readonly HashSet<string> _seen = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    protected override void ProcessRecord()
    {
        if (InputObject is null || !_seen.Add(InputObject.TypeNames[0]))
        {
            return;
        }

        var patterns = Array.ConvertAll(Name, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var members = InputObject.Members
            .Where(member => MemberType.HasFlag(member.MemberType) && !IsAccessor(member))
            .Where(member => Array.Exists(patterns, pattern => pattern.IsMatch(member.Name)))
            .OrderBy(member => member.MemberType)
            .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var member in members)
        {
            WriteObject(DefinitionOf(member, InputObject.TypeNames[0]));
        }
    }

    private static bool IsAccessor(PSMemberInfo member) =>
        member.MemberType == PSMemberTypes.Method
        && (member.Name.StartsWith("get_", StringComparison.Ordinal) || member.Name.StartsWith("set_", StringComparison.Ordinal));

    private static PSObject DefinitionOf(PSMemberInfo member, string typeName)
    {
        var result = new PSObject();
        result.TypeNames.Insert(0, ViewType);
        result.Properties.Add(new PSNoteProperty("TypeName", typeName));
        result.Properties.Add(new PSNoteProperty("Name", member.Name));
        result.Properties.Add(new PSNoteProperty("MemberType", member.MemberType));
        result.Properties.Add(new PSNoteProperty("Definition", member.ToString()));
        return result;
    }
}
