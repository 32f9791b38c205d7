using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Containers;

/// <summary>A process's environment as <c>NAME=value</c> texts, where a name comes once and keeps its place.</summary>
internal sealed class EnvironmentList
{
    private readonly List<string> _variables = [];

    public void Set(string name, string value)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)
            || value.Contains('\0', StringComparison.Ordinal))
        {
            throw EngineErrors.InvalidEnvironment(name);
        }

        var variable = $"{name}={value}";
        var at = _variables.FindIndex(other => other.AsSpan().StartsWith(variable.AsSpan(0, name.Length + 1)));
        if (at < 0)
        {
            _variables.Add(variable);
        }
        else
        {
            _variables[at] = variable;
        }
    }

    /// <summary>Takes over an image's list. A text without '=' names a variable without giving it a value, and sets none.</summary>
    public void SetAll(IEnumerable<string> variables)
    {
        foreach (var variable in variables)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                Set(variable[..equals], variable[(equals + 1)..]);
            }
        }
    }

    public IReadOnlyList<string> ToList() => _variables;

    public static Dictionary<string, string> ToDictionary(IEnumerable<string> variables)
    {
        var dictionary = new Dictionary<string, string>();
        foreach (var variable in variables)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                dictionary[variable[..equals]] = variable[(equals + 1)..];
            }
        }

        return dictionary;
    }
}
