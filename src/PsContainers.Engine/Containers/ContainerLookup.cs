using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Containers;

/// <summary>Finds the one container that a user means: by exact name, by id, by the beginning of an id.</summary>
internal sealed class ContainerLookup(ContainerTable containers)
{
    private const int NamedInMessage = 4;

    public ContainerRow Resolve(string container)
    {
        if (containers.FindByName(container) is { } named)
        {
            return named;
        }

        var prefix = container.ToLowerInvariant();
        if (prefix.Length is 0 or > 64 || !prefix.All(char.IsAsciiHexDigitLower))
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        var found = containers.FindByPrefix(prefix, NamedInMessage);
        return found.Count switch
        {
            0 => throw EngineErrors.ContainerNotFound(container),
            1 => found[0],
            _ => throw EngineErrors.ContainerAmbiguous(container, found.Select(row => row.Id[..12])),
        };
    }
}
