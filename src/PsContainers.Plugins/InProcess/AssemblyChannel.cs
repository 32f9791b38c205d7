using System.Reflection;
using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.InProcess;

/// <summary>A driver in an assembly that is loaded into this process.</summary>
internal sealed class AssemblyChannel : IDriverChannel
{
    private readonly PluginManifest _manifest;
    private readonly CallThreads _threads;
    private readonly INetworkDriver _driver;

    private AssemblyChannel(PluginManifest manifest, CallThreads threads, INetworkDriver driver)
    {
        _manifest = manifest;
        _threads = threads;
        _driver = driver;
    }

    public bool IsBroken => false;

    public int? ProcessId => null;

    public static AssemblyChannel Open(PluginFolder plugin, DriverEnvironment environment)
    {
        var manifest = plugin.Manifest;
        var threads = new CallThreads("plugin " + manifest.Name);
        try
        {
            var patience = TimeSpan.FromSeconds(manifest.Timeouts.Start);
            var driver = threads.Run("loading", patience, _ => Load(plugin, environment), CancellationToken.None);
            return new AssemblyChannel(manifest, threads, driver);
        }
        catch (Exception e) when (e is not (DriverException or PluginFailure or OperationCanceledException))
        {
            threads.Dispose();
            throw new PluginFailure($"could not be loaded: {Words(e)}", e);
        }
        catch
        {
            threads.Dispose();
            throw;
        }
    }

    public TAnswer Call<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation)
    {
        try
        {
            var patience = TimeSpan.FromSeconds(method.SecondsOf(_manifest.Timeouts));
            return _threads.Run(method.Name, patience, stop => method.Invoke(_driver, question, stop), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is not (DriverException or PluginFailure))
        {
            throw new PluginFailure($"failed in {method.Name}: {Words(e)}", e);
        }
    }

    public string? TakeBreach() => null;

    // A class has nothing to end by itself.
    public bool TryEnd(TimeSpan patience) => true;

    public void Dispose()
    {
        (_driver as IDisposable)?.Dispose();
        _threads.Dispose();
    }

    private static INetworkDriver Load(PluginFolder plugin, DriverEnvironment environment)
    {
        var name = plugin.Manifest.Entry.Type!;
        var type = new PluginLoadContext(plugin).LoadEntry().GetType(name)
            ?? throw new PluginFailure($"has no type {name} in {plugin.EntryPath} (entry.type)");
        var constructor = type is { IsPublic: true, IsAbstract: false } ? type.GetConstructor([typeof(DriverEnvironment)]) : null;
        if (constructor is null || !type.IsAssignableTo(typeof(INetworkDriver)))
        {
            throw new PluginFailure($"has a type {name} that is no public {nameof(INetworkDriver)} with a public constructor that takes a "
                + $"{nameof(DriverEnvironment)} (entry.type)");
        }

        foreach (var capability in plugin.Manifest.Capabilities)
        {
            var wanted = capability == DriverCapability.Ports ? typeof(IPortPublisher) : typeof(INetworkUpkeep);
            if (!type.IsAssignableTo(wanted))
            {
                throw new PluginFailure($"has a type {name} that is no {wanted.Name}, against its plugin.json (capabilities)");
            }
        }

        return (INetworkDriver)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [environment], null);
    }

    private static string Words(Exception e) => $"{e.GetType().Name}: {e.Message}";
}
