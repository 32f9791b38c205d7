using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Finds the one network that a user means, and makes the default one when it is first meant.</summary>
internal sealed class NetworkLookup(NetworkTable networks, NetworkDrivers drivers)
{
    private const int NamedInMessage = 4;
    private const int IdLength = 64;

    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkAmbiguous</exception>
    public NetworkRow Resolve(string network) => TryResolve(network) ?? throw NetworkErrors.NotFound(network);

    /// <summary>The same network as it is now.</summary>
    /// <exception cref="ContainerEngineException">NetworkNotFound: it was removed meanwhile.</exception>
    public NetworkRow Again(NetworkRow row) => networks.Find(row.Id) ?? throw NetworkErrors.NotFound(row.Name);

    /// <summary>Where containers ask for names: the gateways of the networks that have them.</summary>
    public IReadOnlyCollection<IPAddress> Resolvers() =>
    [
        .. networks.All()
            .Where(row => row.Definition.HasNames)
            .SelectMany(row => row.Definition.Subnets)
            .Where(subnet => subnet.Gateway is not null)
            .Select(subnet => IPAddress.Parse(subnet.Gateway!)),
    ];

    public NetworkRow? TryResolve(string network)
    {
        if (networks.FindByName(network) is { } named)
        {
            return named;
        }

        if (network == ContainerNetwork.DefaultName)
        {
            return EnsureDefault();
        }

        var prefix = network.ToLowerInvariant();
        if (prefix.Length is 0 or > IdLength || !prefix.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var found = networks.FindByPrefix(prefix, NamedInMessage);
        return found.Count < 2 ? found.FirstOrDefault() : throw NetworkErrors.Ambiguous(network, found.Select(row => row.Id[..12]));
    }

    /// <summary>The default network; made by the default driver when nobody made one of its name.</summary>
    public NetworkRow EnsureDefault() =>
        networks.FindByName(ContainerNetwork.DefaultName) ?? Add(
            new NetworkDefinition { Id = NewId(), Name = ContainerNetwork.DefaultName, Driver = drivers.Default },
            new Dictionary<string, string>(),
            existsAlready: () => networks.FindByName(ContainerNetwork.DefaultName)!);

    /// <summary>Lets the driver complete the definition, with all other networks in sight, and puts it into the store.</summary>
    /// <param name="existsAlready">What becomes of it when there is one of that name.</param>
    public NetworkRow Add(NetworkDefinition wanted, IReadOnlyDictionary<string, string> labels, Func<NetworkRow> existsAlready)
    {
        // Sessions may choose the same subnet at once: who comes second chooses again, with the first one's in sight. However many there
        // are, one of them gets on each time.
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var others = networks.All();
            if (others.Exists(other => other.Name == wanted.Name))
            {
                return existsAlready();
            }

            var defined = drivers.Define(wanted, [.. others.Select(other => other.Definition)]);
            var row = new NetworkRow(defined, labels, DateTime.UtcNow);
            if (networks.TryAdd(row, [.. others.Select(other => other.Id)]))
            {
                return row;
            }

            if (Stopwatch.GetElapsedTime(started) > FileLocks.LongestWait)
            {
                throw NetworkErrors.Crowded(wanted.Name, FileLocks.LongestWait);
            }
        }
    }

    public static string NewId() => RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
}
