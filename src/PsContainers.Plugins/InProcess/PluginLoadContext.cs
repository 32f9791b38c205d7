using System.Reflection;
using System.Runtime.Loader;
using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.InProcess;

/// <summary>A plugin's assemblies, apart from those of the engine and of other plugins; only the contract is everybody's.</summary>
internal sealed class PluginLoadContext(PluginFolder plugin) : AssemblyLoadContext("plugin " + plugin.Manifest.Name)
{
    private static readonly Assembly _contract = typeof(INetworkDriver).Assembly;
    private readonly AssemblyDependencyResolver _resolver = new(plugin.EntryPath);

    public Assembly LoadEntry() => LoadTrusted(plugin.EntryPath);

    // What the plugin doesn't bring is the framework's, which the default context has.
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == _contract.GetName().Name)
        {
            return _contract;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadTrusted(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(Trusted(path)) : 0;

    private Assembly LoadTrusted(string path) => LoadFromAssemblyPath(Trusted(path));

    // A manifest of dependencies may name any file of the machine.
    private string Trusted(string path)
    {
        var relative = Path.GetRelativePath(plugin.Path, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || FileTrust.CheckFile(plugin.Path, relative) is null
            ? throw new PluginFailure($"asks for {path}, which is no file in its folder")
            : path;
    }
}
