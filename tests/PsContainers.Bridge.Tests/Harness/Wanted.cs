using System.Security.Cryptography;
using System.Text;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>What users ask for.</summary>
internal static class Wanted
{
    internal static NetworkDefinition Network(string name) => new() { Id = Id(name), Name = name, Driver = "bridge" };

    internal static NetworkDefinition With(this NetworkDefinition network, params (string Name, string Value)[] options) =>
        network with { Options = options.ToDictionary(option => option.Name, option => option.Value) };

    internal static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <summary>Reads <c>127.0.0.1:8080:80/udp</c>, <c>[::]:8080:80</c>, <c>8080:80</c>.</summary>
    internal static PortMapping Port(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..];
        var parts = (slash < 0 ? text : text[..slash]).Split(':');
        return new()
        {
            HostAddress = parts.Length > 2 ? string.Join(':', parts[..^2]).Trim('[', ']') : null,
            HostPort = int.Parse(parts[^2], null),
            ContainerPort = int.Parse(parts[^1], null),
            Protocol = protocol,
        };
    }
}
