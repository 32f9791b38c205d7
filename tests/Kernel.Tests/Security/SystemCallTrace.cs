using System.Text.RegularExpressions;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>The system calls that strace -f noted down, each with its number among those of its kind in its process.</summary>
/// <remarks>strace(1), "inject": `when` counts the calls of one process, from its beginning.</remarks>
internal static partial class SystemCallTrace
{
    /// <param name="Number">1 for the process's first call of this name.</param>
    /// <param name="Text">The whole line.</param>
    internal readonly record struct Entry(string Process, string Call, int Number, string Text);

    internal static List<Entry> Read(string file)
    {
        var counts = new Dictionary<(string, string), int>();
        var all = new List<Entry>();
        foreach (var match in File.ReadLines(file).Select(line => CallLine().Match(line)).Where(match => match.Success))
        {
            var key = (match.Groups[1].Value, match.Groups[2].Value);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            all.Add(new Entry(key.Item1, key.Item2, counts[key], match.Value));
        }

        return all;
    }

    [GeneratedRegex(@"^(\d+) +(\w+)\(.*")]
    private static partial Regex CallLine();
}
