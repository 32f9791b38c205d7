using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Docker;

/// <summary>A volume plugin of Docker, which runs by itself and is spoken to by HTTP.</summary>
/// <remarks>
/// On the caller's thread, which comes back when the time of a call is over. Nothing is kept open between two calls, so a plugin that is
/// started anew is spoken to as before.
/// </remarks>
internal sealed class DockerVolumeChannel : IDriverChannel
{
    private readonly PluginManifest _manifest;
    private readonly DockerClient _client;
    private readonly DockerVolumeDriver _driver;

    private DockerVolumeChannel(PluginManifest manifest, DriverEnvironment environment)
    {
        _manifest = manifest;
        _client = new DockerClient(DockerAddress.TryParse(manifest.Entry.Socket!)!);
        _driver = new DockerVolumeDriver(
            manifest.Name,
            _client,
            new DockerClaims(Path.Combine(environment.StateDirectory, "volumes")),
            new DockerUses(Path.Combine(environment.RunDirectory, "uses")));
    }

    public bool IsBroken => false;

    public int? ProcessId => null;

    public static DockerVolumeChannel Open(PluginFolder plugin, DriverEnvironment environment)
    {
        var channel = new DockerVolumeChannel(plugin.Manifest, environment);
        try
        {
            channel.Within(
                plugin.Manifest.Timeouts.Start,
                DockerCalls.Activate.Name,
                stop =>
                {
                    channel._driver.Activate(stop);
                    return true;
                },
                CancellationToken.None);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public string? TakeBreach() => null;

    // It goes on, for Docker and for other sessions.
    public bool TryEnd(TimeSpan patience) => true;

    public TAnswer Call<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation) =>
        Within(method.SecondsOf(_manifest.Timeouts), method.Name, stop => method.Invoke(_driver, question, stop), cancellation);

    public void Dispose() => _client.Dispose();

    private T Within<T>(double seconds, string operation, Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            return work(stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PluginFailure($"did not answer {operation} within {seconds} seconds", e);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"plugin {_manifest.Name} failed in {operation}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }
}
