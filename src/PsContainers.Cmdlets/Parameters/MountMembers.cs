using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>The members of a hashtable for a mount, each as what it is.</summary>
internal sealed class MountMembers(Dictionary<string, object?> members)
{
    public string? Text(string name) => members.GetValueOrDefault(name)?.ToString() is { Length: > 0 } text ? text : null;

    // Every text that is not empty is true to PowerShell, 'false' included.
    public bool? Switch(string name) => members.GetValueOrDefault(name) switch
    {
        null => null,
        string text => bool.TryParse(text, out var value) ? value : throw new FormatException($"{name} is true or false, not '{text}'"),
        var value => LanguagePrimitives.ConvertTo<bool>(value),
    };

    public IReadOnlyDictionary<string, string> Pairs(string name) => members.GetValueOrDefault(name) is { } value
        ? (IReadOnlyDictionary<string, string>)new KeyValuesAttribute().Transform(null!, value)
        : new Dictionary<string, string>();

    public long? Size(string name) => members.GetValueOrDefault(name) switch
    {
        null => null,
        string text => MemorySizeAttribute.Parse(text),
        var number => LanguagePrimitives.ConvertTo<long>(number),
    };

    /// <summary>A text is octal, as chmod(1) reads it; so is a number, which everybody writes that way.</summary>
    public int? Mode(string name) => Text(name) is not { } text ? null
        : text.Length <= 4 && text.All(c => c is >= '0' and <= '7') ? Convert.ToInt32(text, 8)
        : throw new FormatException($"'{text}' is not an octal mode such as 1777");

    public ContainerMountType? Type(string name) => members.GetValueOrDefault(name) switch
    {
        null => null,
        var value => LanguagePrimitives.ConvertTo<ContainerMountType>(value),
    };
}
