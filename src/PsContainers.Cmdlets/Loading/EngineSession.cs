using PsContainers.Engine;

namespace PsContainers.Cmdlets.Loading;

/// <summary>
/// The engine of this process: opened by the first command that needs it, closed when the last runspace removes the module.
/// </summary>
internal static class EngineSession
{
    private static readonly Lock _gate = new();
    private static readonly Dictionary<EnginePaths, ContainerServices> _opened = [];
    private static int _imports;

    /// <summary>One for each place PSCONTAINERS_ROOT has named: another runspace may still work on the one before.</summary>
    public static ContainerServices Open(CancellationToken cancellation)
    {
        var paths = EnginePaths.FromEnvironment();
        lock (_gate)
        {
            if (!_opened.TryGetValue(paths, out var services))
            {
                services = ContainerServices.Open(paths, ModuleFolders.Launcher, cancellation);
                _opened.Add(paths, services);
            }

            return services;
        }
    }

    /// <summary>A runspace has imported the module.</summary>
    public static void Join()
    {
        lock (_gate)
        {
            _imports++;
        }
    }

    /// <summary>A runspace has removed the module; commands of others go on.</summary>
    public static void Leave()
    {
        lock (_gate)
        {
            if (--_imports > 0)
            {
                return;
            }

            foreach (var services in _opened.Values)
            {
                services.Dispose();
            }

            _opened.Clear();
        }
    }
}
