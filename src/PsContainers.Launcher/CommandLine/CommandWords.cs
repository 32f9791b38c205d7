using System.Globalization;

namespace PsContainers.Launcher.CommandLine;

/// <summary>The words of a command line, told apart: <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, plain ones.</summary>
internal sealed class CommandWords
{
    private readonly Dictionary<string, List<string>> _values = [];
    private readonly List<string> _plain = [];

    private CommandWords()
    {
    }

    internal IReadOnlyList<string> Plain => _plain;

    /// <exception cref="CommandLineException">An option that the command does not have, or one without its value.</exception>
    internal static CommandWords Parse(IReadOnlyList<string> words, OptionSyntax syntax)
    {
        var parsed = new CommandWords();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (parsed._plain.Count == syntax.OwnWords || word == "--")
            {
                parsed._plain.AddRange(words.Skip(word == "--" ? i + 1 : i));
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                parsed._plain.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            if (!syntax.TryFind(name, out var option))
            {
                throw new CommandLineException($"unknown option {name}");
            }

            parsed.Add(option.Name, (option.TakesValue, equals) switch
            {
                (_, >= 0) => word[(equals + 1)..],
                (false, _) => "true",
                _ => ++i < words.Count ? words[i] : throw new CommandLineException($"option {name} needs a value"),
            });
        }

        return parsed;
    }

    /// <summary>The last value given, or null.</summary>
    internal string? Value(string name) => _values.TryGetValue(name, out var values) ? values[^1] : null;

    internal IReadOnlyList<string> Values(string name) => _values.GetValueOrDefault(name) ?? [];

    internal bool Has(string name) => Value(name) is { } value && value is not ("false" or "0");

    internal int Number(string name, int otherwise) => Value(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CommandLineException($"'{text}' is no number for option {name}");

    /// <summary>The container's id, the first plain word.</summary>
    internal string Id(string command) => _plain.Count > 0 ? _plain[0] : throw new CommandLineException($"{command} needs a container id");

    /// <exception cref="CommandLineException">More plain words than the command takes.</exception>
    internal void RefuseMoreThan(int count)
    {
        if (_plain.Count > count)
        {
            throw new CommandLineException($"unexpected argument '{_plain[count]}'");
        }
    }

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }

        values.Add(value);
    }
}
