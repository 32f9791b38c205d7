using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace PsContainers.Cmdlets.Loading;

/// <summary>Runs when PowerShell imports and removes the module: leads requests for the engine into its private load context.</summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly Lazy<EngineLoadContext> _engine = new(() => new EngineLoadContext(ModuleFolders.Engine));

    public void OnImport()
    {
        AssemblyLoadContext.Default.Resolving += Resolve;
        EngineSession.Join();
    }

    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        EngineSession.Leave();
        AssemblyLoadContext.Default.Resolving -= Resolve;
    }

    // Only our own names: what the engine needs besides is found by its own context, and nobody else may get it from us.
    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name is { } simple && simple.StartsWith("PsContainers.", StringComparison.Ordinal) ? _engine.Value.LoadOwn(simple) : null;
}
