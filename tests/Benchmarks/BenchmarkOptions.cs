using System.Globalization;

namespace PsContainers.Benchmarks;

/// <summary>The command line.</summary>
internal sealed record BenchmarkOptions(int Rounds, bool Write, bool Images, bool Networks, bool Volumes)
{
    public const string Usage = "usage: dotnet run -c Release --project tests/Benchmarks -- [--images | --networks | --volumes] "
        + "[--rounds N] [--write]\n"
        + "  --images     measures images instead of containers\n"
        + "  --networks   measures networks instead of containers\n"
        + "  --volumes    measures volumes and mounts instead of containers\n"
        + "  --rounds N   how often everything is measured, 5 to 1000 (30)\n"
        + "  --write      append the result to docs/benchmarks.md";

    public static BenchmarkOptions? Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(30, Write: false, Images: false, Networks: false, Volumes: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--write")
            {
                options = options with { Write = true };
            }
            else if (arguments[i] == "--images")
            {
                options = options with { Images = true };
            }
            else if (arguments[i] == "--networks")
            {
                options = options with { Networks = true };
            }
            else if (arguments[i] == "--volumes")
            {
                options = options with { Volumes = true };
            }
            else if (arguments[i] == "--rounds" && i + 1 < arguments.Length
                && int.TryParse(arguments[++i], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
                && rounds is >= 5 and <= 1000)
            {
                options = options with { Rounds = rounds };
            }
            else
            {
                return null;
            }
        }

        return options;
    }
}
