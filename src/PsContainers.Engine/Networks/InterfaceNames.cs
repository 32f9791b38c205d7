using System.Globalization;

namespace PsContainers.Engine.Networks;

/// <summary>Names of links inside a container: those asked for, and <c>eth0</c>, <c>eth1</c> … for the others.</summary>
internal sealed class InterfaceNames(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    public string Take(string? asked)
    {
        if (asked is not null)
        {
            _taken.Add(asked);
            return asked;
        }

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
