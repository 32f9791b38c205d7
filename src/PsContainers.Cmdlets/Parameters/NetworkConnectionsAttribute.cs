using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// Takes names of networks, hashtables with Network, IPAddress, MacAddress, Alias and Interface, or what <c>Get-Container</c> and
/// <c>Get-ContainerNetwork</c> show.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworkConnectionsAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrapped.Items(inputData).Select(Read).ToArray();

    private static NetworkConnection Read(object? item) => item switch
    {
        // What it has now was given for one run.
        NetworkConnection shown => shown with { IPAddress = [], MacAddress = null, Gateway = [] },
        ContainerNetwork network => new NetworkConnection { Network = network.Name },
        IDictionary table => OfTable(table),
        null => throw new ArgumentTransformationMetadataException("a network cannot be nothing"),
        _ => new NetworkConnection { Network = LanguagePrimitives.ConvertTo<string>(item) },
    };

    private static NetworkConnection OfTable(IDictionary table)
    {
        const string Network = nameof(NetworkConnection.Network), Name = "Name";
        var members = Unwrapped.Members(
            table, Network, Name, nameof(NetworkConnection.IPAddress), nameof(NetworkConnection.MacAddress),
            nameof(NetworkConnection.Alias), nameof(NetworkConnection.Interface));
        return new NetworkConnection
        {
            Network = (members.GetValueOrDefault(Network) ?? members.GetValueOrDefault(Name))?.ToString()
                ?? throw new ArgumentTransformationMetadataException($"a hashtable for a network needs {Network}"),
            IPAddress = Unwrapped.Texts(members.GetValueOrDefault(nameof(NetworkConnection.IPAddress))),
            MacAddress = members.GetValueOrDefault(nameof(NetworkConnection.MacAddress))?.ToString(),
            Alias = Unwrapped.Texts(members.GetValueOrDefault(nameof(NetworkConnection.Alias))),
            Interface = members.GetValueOrDefault(nameof(NetworkConnection.Interface))?.ToString(),
        };
    }
}
