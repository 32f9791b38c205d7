using System.Collections;
using System.Management.Automation;

namespace PsContainers.Cmdlets.Parameters;

/// <summary>
/// Takes <c>8080:80</c> as <c>docker run --publish</c> does, a number, a hashtable with HostPort, ContainerPort, Protocol and
/// HostAddress, or what <c>Get-Container</c> shows.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortMappingsAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        Unwrapped.Items(inputData).SelectMany(Read).ToArray();

    private static IEnumerable<PortMapping> Read(object? item)
    {
        try
        {
            return item switch
            {
                PortMapping mapping => [mapping],
                IDictionary table => [OfTable(table)],
                null => throw new FormatException("a port cannot be nothing"),
                _ => PortMapping.Parse(LanguagePrimitives.ConvertTo<string>(item)),
            };
        }
        catch (Exception e) when (e is FormatException or PSInvalidCastException)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    private static PortMapping OfTable(IDictionary table)
    {
        const string Host = nameof(PortMapping.HostPort), Container = nameof(PortMapping.ContainerPort);
        var members = Unwrapped.Members(table, nameof(PortMapping.HostAddress), Host, Container, nameof(PortMapping.Protocol));
        return new PortMapping
        {
            HostAddress = members.TryGetValue(nameof(PortMapping.HostAddress), out var address) ? address?.ToString() : null,
            HostPort = members.TryGetValue(Host, out var host) ? LanguagePrimitives.ConvertTo<int>(host) : 0,
            ContainerPort = members.TryGetValue(Container, out var port)
                ? LanguagePrimitives.ConvertTo<int>(port)
                : throw new FormatException($"a hashtable for a port needs {Container}"),
            Protocol = members.TryGetValue(nameof(PortMapping.Protocol), out var protocol)
                ? LanguagePrimitives.ConvertTo<string>(protocol).ToLowerInvariant()
                : "tcp",
        };
    }
}
