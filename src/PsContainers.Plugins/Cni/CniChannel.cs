using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Cni;

/// <summary>A driver whose work the programs of a CNI configuration do.</summary>
/// <remarks>
/// On the caller's thread: all that can hang are those programs, and each of them is killed in time. One that fails is no failure of the
/// plugin, which other networks use with other programs.
/// </remarks>
internal sealed class CniChannel(PluginFolder plugin) : IDriverChannel
{
    private readonly CniDriver _driver = new(plugin);

    public bool IsBroken => false;

    public int? ProcessId => null;

    public string? TakeBreach() => null;

    // Nothing of it outlives a call.
    public bool TryEnd(TimeSpan patience) => true;

    public TAnswer Call<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation)
    {
        try
        {
            return method.Invoke(_driver, question, cancellation);
        }
        catch (LinuxException e)
        {
            throw new DriverException(
                $"plugin {plugin.Manifest.Name} failed in {method.Name}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }

    public void Dispose()
    {
    }
}
