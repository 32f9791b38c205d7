namespace PsContainers.Plugins.Contract;

/// <summary>A way to a driver: into an assembly, or to a process.</summary>
/// <remarks>Calls come from several threads. What a driver throws is passed on as it is; what it answers is not looked at here.</remarks>
internal interface IDriverChannel : IDisposable
{
    /// <exception cref="Drivers.DriverException">The driver refused.</exception>
    /// <exception cref="PluginFailure">The driver didn't do its part: it hangs, crashed, or speaks nonsense.</exception>
    TAnswer Call<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation);
}
