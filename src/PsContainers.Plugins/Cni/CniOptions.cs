using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>What a user may say of a network of CNI, and what the driver keeps there.</summary>
internal sealed record CniOptions
{
    /// <summary>The file that was read when the network was made.</summary>
    public const string Configuration = "configuration";

    /// <summary>The directories of programs, divided by colons.</summary>
    public const string Path = "path";

    /// <summary>The configuration itself: what becomes of the file later does not matter to what was made by it.</summary>
    public const string List = "list";

    private static readonly string[] _names = [Configuration, Path, List];

    public string? ConfigurationFile { get; private init; }

    public string? ProgramPath { get; private init; }

    public string? ListText { get; private init; }

    /// <exception cref="DriverException">There is another option.</exception>
    public static CniOptions Parse(IReadOnlyDictionary<string, string> options)
    {
        foreach (var name in options.Keys.Where(name => !_names.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            throw new DriverException(
                $"a network of CNI has no option '{Abridged.Of(name)}'; it has {string.Join(", ", _names)}",
                DriverErrorKind.InvalidRequest,
                $"options.{Abridged.Of(name)}");
        }

        return new() { ConfigurationFile = Value(Configuration), ProgramPath = Value(Path), ListText = Value(List) };

        string? Value(string name) =>
            options.FirstOrDefault(option => string.Equals(option.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
