using System.Text;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;
using static PsContainers.Plugins.Answers.AnswerRule;

namespace PsContainers.Plugins.Answers;

/// <summary>Whether a volume driver's answer is one that the engine may believe.</summary>
/// <remarks>Pure; each check returns the first thing that is wrong.</remarks>
internal static class VolumeCheck
{
    public const int MostOptions = 100;
    public const int LongestOptionName = 128;
    public const int LongestOption = 16 * 1024;

    public static JsonMismatch? Define(VolumeDefinition wanted, VolumeDefinition? answer) => answer is null
        ? Nothing
        : Kept("id", wanted.Id, answer.Id)
            ?? Kept("name", wanted.Name, answer.Name)
            ?? Kept("driver", wanted.Driver, answer.Driver)
            ?? Options(answer.Options);

    /// <param name="hasMounts">Whether the driver can be asked to make the files visible.</param>
    public static JsonMismatch? Create(VolumeResult? answer, bool hasMounts) => answer switch
    {
        null => Nothing,
        { Path: null } when !hasMounts => new("path", "missing, and the plugin has not the capability mount"),
        _ => Optional(answer.Path, "path", HostPath.Breach) ?? State(answer.State),
    };

    public static JsonMismatch? Mount(VolumeMountResult? answer) => answer is null
        ? Nothing
        : Text(answer.Path, "path", HostPath.Breach) ?? State(answer.State);

    private static JsonMismatch? Options(IReadOnlyDictionary<string, string> options) => options.Count > MostOptions
        ? new("options", $"{options.Count} of them, more than {MostOptions}")
        : options.Select(Option).FirstOrDefault(mismatch => mismatch is not null);

    private static JsonMismatch? Option(KeyValuePair<string, string> option)
    {
        var field = $"options.{Abridged.Of(option.Key)}";
        return option switch
        {
            _ when option.Key.Length == 0 || option.Key.Any(char.IsControl) => new(field, "no name of an option"),
            _ when Encoding.UTF8.GetByteCount(option.Key) > LongestOptionName =>
                new(field, $"a name of more than {LongestOptionName} bytes"),
            { Value: null } => new(field, "null is not a text"),
            _ when option.Value.Contains('\0', StringComparison.Ordinal) => new(field, "holds a NUL"),
            _ when Encoding.UTF8.GetByteCount(option.Value) > LongestOption => new(field, $"more than {LongestOption} bytes"),
            _ => null,
        };
    }
}
