using System.Globalization;

namespace PsContainers.Engine.Networks;

/// <summary>Names of links inside a container: <c>eth0</c>, <c>eth1</c> … for those that nobody asked for.</summary>
internal sealed class InterfaceNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>Takes a name that was asked for; false when another link has it.</summary>
    public bool TryTake(string asked) => _taken.Add(asked);

    public string Next()
    {
        for (var number = 0; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"eth{number}");
            if (_taken.Add(name))
            {
                return name;
            }
        }
    }
}
