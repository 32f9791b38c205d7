using PsContainers.Engine;

namespace PsContainers.Cmdlets.Loading;

/// <summary>The engine of this process: opened by the first command that needs it, closed with the module.</summary>
internal static class EngineSession
{
    private static readonly Lock _gate = new();
    private static ContainerServices? _services;

    /// <summary>Opened again when PSCONTAINERS_ROOT has moved since.</summary>
    public static ContainerServices Open(CancellationToken cancellation)
    {
        var paths = EnginePaths.FromEnvironment();
        lock (_gate)
        {
            if (_services?.Paths != paths)
            {
                Close();
                _services = ContainerServices.Open(paths, ModuleFolders.Launcher, cancellation);
            }

            return _services;
        }
    }

    public static void Close()
    {
        lock (_gate)
        {
            _services?.Dispose();
            _services = null;
        }
    }
}
