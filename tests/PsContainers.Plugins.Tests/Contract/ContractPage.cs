using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace PsContainers.Plugins.Tests.Contract;

/// <summary>plugins/PLUGINS.md, whose examples are marked with what they are an example of.</summary>
internal static partial class ContractPage
{
    internal static string Text { get; } = File.ReadAllText(Path.GetFullPath(Path.Combine(OwnFolder(), "../../../plugins/PLUGINS.md")));

    /// <summary>The examples of a kind, such as <c>json attach.params</c>.</summary>
    internal static IReadOnlyList<string> Examples(string kind) =>
    [
        .. Example().Matches(Text).Where(match => match.Groups["kind"].Value == kind).Select(match => match.Groups["text"].Value),
    ];

    private static string OwnFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("^```(?<kind>[^\n]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
