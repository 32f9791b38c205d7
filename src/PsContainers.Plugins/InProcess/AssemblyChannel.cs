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
    private readonly object _driver;

    private AssemblyChannel(PluginManifest manifest, CallThreads threads, object driver)
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

    private static object Load(PluginFolder plugin, DriverEnvironment environment)
    {
        var name = plugin.Manifest.Entry.Type!;
        var type = new PluginLoadContext(plugin).LoadEntry().GetType(name)
            ?? throw new PluginFailure($"has no type {name} in {plugin.EntryPath} (entry.type)");
        var constructor = type is { IsPublic: true, IsAbstract: false } ? type.GetConstructor([typeof(DriverEnvironment)]) : null;
        var kinds = plugin.Manifest.Kinds.Select(InterfaceOf).ToList();
        if (constructor is null || kinds.Find(kind => !type.IsAssignableTo(kind)) is not null)
        {
            throw new PluginFailure($"has a type {name} that is no public {string.Join(" and ", kinds.Select(kind => kind.Name))} with a "
                + $"public constructor that takes a {nameof(DriverEnvironment)} (entry.type)");
        }

        if (plugin.Manifest.Capabilities.Select(InterfaceOf).FirstOrDefault(wanted => !type.IsAssignableTo(wanted)) is { } missing)
        {
            throw new PluginFailure($"has a type {name} that is no {missing.Name}, against its plugin.json (capabilities)");
        }

        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [environment], null);
    }

    private static Type InterfaceOf(string kind) => kind == DriverKind.Volume ? typeof(IVolumeDriver) : typeof(INetworkDriver);

    private static Type InterfaceOf(DriverCapability capability) => capability switch
    {
        DriverCapability.Ports => typeof(IPortPublisher),
        DriverCapability.Upkeep => typeof(INetworkUpkeep),
        _ => typeof(IVolumeMounter),
    };

    private static string Words(Exception e) => $"{e.GetType().Name}: {e.Message}";
}
