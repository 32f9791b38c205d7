namespace PsContainers.Plugins.Contract;

/// <summary>A way to a driver: into an assembly, or to a process.</summary>
/// <remarks>Calls come from several threads. What a driver throws is passed on as it is; what it answers is not looked at here.</remarks>
internal interface IDriverChannel : IDisposable
{
    /// <summary>It leads nowhere any more; another one can be opened.</summary>
    bool IsBroken { get; }

    /// <summary>What the driver did wrong between two calls, to be read after the plugin's name; told once.</summary>
    string? TakeBreach();

    /// <summary>The driver's process; null when it is this one.</summary>
    int? ProcessId { get; }

    /// <summary>Asks the driver to end, and waits for so long.</summary>
    bool TryEnd(TimeSpan patience);

    /// <exception cref="Drivers.DriverException">The driver refused.</exception>
    /// <exception cref="PluginFailure">The driver didn't do its part: it hangs, crashed, or speaks nonsense.</exception>
    TAnswer Call<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation);
}
