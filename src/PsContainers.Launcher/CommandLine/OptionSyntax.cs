namespace PsContainers.Launcher.CommandLine;

/// <summary>The options that a command takes.</summary>
internal sealed class OptionSyntax
{
    private readonly Dictionary<string, (string Name, bool TakesValue)> _options = [];

    /// <summary>Everything after so many plain words is the container's, options too; without a number they may stand anywhere.</summary>
    internal int? OwnWords { get; init; }

    /// <param name="names">As written: <c>--bundle</c>, <c>-b</c>; the first is the one to ask for.</param>
    internal OptionSyntax Value(params ReadOnlySpan<string> names) => Add(takesValue: true, names);

    internal OptionSyntax Flag(params ReadOnlySpan<string> names) => Add(takesValue: false, names);

    internal bool TryFind(string word, out (string Name, bool TakesValue) option) => _options.TryGetValue(word, out option);

    private OptionSyntax Add(bool takesValue, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _options[name] = (names[0], takesValue);
        }

        return this;
    }
}
