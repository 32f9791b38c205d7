using System.Globalization;

namespace PsContainers.Fuzz;

/// <summary>The command line.</summary>
internal sealed record FuzzOptions(IReadOnlyList<string> Targets, int Seconds, int Seed, string? Replay)
{
    public const string Usage = "usage: PsContainers.Fuzz [TARGET...] [--seconds N] [--seed S] [--replay FILE]\n"
        + "  TARGET       Layers, Archives, Documents, Answers, References, Settings (all)\n"
        + "  --seconds N  how long each target runs, 1 to 86400 (20)\n"
        + "  --seed S     where chance begins: the same seed gives the same inputs (1)\n"
        + "  --replay F   runs one input of the target, such as a run left in artifacts/fuzz, and shows what comes of it";

    public static FuzzOptions? Parse(string[] arguments)
    {
        var options = new FuzzOptions([], 20, 1, null);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--seconds" when Number(value) is >= 1 and <= 86400:
                    options = options with { Seconds = Number(arguments[++i])!.Value };
                    break;
                case "--seed" when Number(value) is { } seed:
                    options = options with { Seed = seed };
                    i++;
                    break;
                case "--replay" when value.Length > 0:
                    options = options with { Replay = arguments[++i] };
                    break;
                case var name when FuzzTarget.Names.Contains(name):
                    options = options with { Targets = [.. options.Targets, name] };
                    break;
                default:
                    return null;
            }
        }

        return options switch
        {
            { Replay: not null, Targets.Count: not 1 } => null,
            { Targets: [] } => options with { Targets = FuzzTarget.Names },
            _ => options,
        };
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
