using System.Reflection;
using System.Runtime.Loader;

namespace PsContainers.Cmdlets.Loading;

/// <summary>The engine and every package it needs, apart from the versions that other modules bring.</summary>
internal sealed class EngineLoadContext(string directory) : AssemblyLoadContext("PsContainers")
{
    /// <summary>An assembly of the engine; null when it does not lie in the engine's folder.</summary>
    public Assembly? LoadOwn(string simpleName)
    {
        var path = Path.Combine(directory, simpleName + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    // What is not here (the framework, PsContainers.Abstractions) comes from the default context, so that its types are everybody's.
    protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name is { } name ? LoadOwn(name) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var name in new[] { unmanagedDllName, unmanagedDllName + ".so", $"lib{unmanagedDllName}.so" })
        {
            if (Path.Combine(directory, name) is var path && File.Exists(path))
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        return 0;
    }
}
