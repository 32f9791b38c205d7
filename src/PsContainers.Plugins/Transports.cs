using PsContainers.Drivers;
using PsContainers.Plugins.Cni;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Docker;
using PsContainers.Plugins.InProcess;
using PsContainers.Plugins.Manifests;
using PsContainers.Plugins.Processes;

namespace PsContainers.Plugins;

/// <summary>Opens the way to a driver that a plugin's transport asks for. A new transport is a line here.</summary>
internal static class Transports
{
    public static IDriverChannel Open(PluginFolder plugin, DriverEnvironment environment) => plugin.Manifest.Transport switch
    {
        PluginTransport.DotNet => AssemblyChannel.Open(plugin, environment),
        PluginTransport.Cni => new CniChannel(plugin),
        PluginTransport.DockerVolume => DockerVolumeChannel.Open(plugin, environment),
        PluginTransport.Process when plugin.Manifest.Protocol == PluginProtocol.JsonLines => JsonLinesChannel.Open(plugin, environment),
        _ => RpcChannel.Open(plugin, environment),
    };
}
