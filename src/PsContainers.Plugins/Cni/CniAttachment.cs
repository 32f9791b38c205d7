using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Cni;

/// <summary>An attachment as CNI's plugins are told of it.</summary>
internal sealed class CniAttachment
{
    public const string Ports = "portMappings";
    public const string Addresses = "ips";
    public const string MacAddress = "mac";

    /// <summary>The names that a container has on the network; plugins that serve names take them.</summary>
    public const string Aliases = "aliases";

    private const string Dns = "dns";

    public CniAttachment(AttachmentRequest request)
    {
        Variables =
        [
            $"CNI_CONTAINERID={request.ContainerId}",
            $"CNI_NETNS={request.NamespacePath}",
            $"CNI_IFNAME={request.Interface}",
            "CNI_ARGS=IgnoreUnknown=1",
        ];
        Runtime = RuntimeOf(request);
    }

    /// <summary>The environment that tells a plugin which container is meant.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>All that a plugin may ask for by its capabilities.</summary>
    public JsonObject Runtime { get; }

    private static JsonObject RuntimeOf(AttachmentRequest request)
    {
        var runtime = new JsonObject();
        if (request.Ports.Count > 0)
        {
            runtime[Ports] = new JsonArray([.. request.Ports.Select(Port)]);
        }

        if (request.Addresses.Count > 0)
        {
            runtime[Addresses] = List(request.Addresses);
        }

        if (request.MacAddress is { } mac)
        {
            runtime[MacAddress] = mac;
        }

        if (request.Names.Count > 0)
        {
            runtime[Aliases] = List(request.Names);
        }

        if (request.NameServers.Count > 0)
        {
            runtime[Dns] = new JsonObject { ["servers"] = List(request.NameServers) };
        }

        return runtime;
    }

    private static JsonObject Port(PortMapping port)
    {
        var mapping = new JsonObject
        {
            ["hostPort"] = port.HostPort,
            ["containerPort"] = port.ContainerPort,
            ["protocol"] = port.Protocol,
        };
        if (port.HostAddress is { } address)
        {
            mapping["hostIP"] = address;
        }

        return mapping;
    }

    private static JsonArray List(IReadOnlyList<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
