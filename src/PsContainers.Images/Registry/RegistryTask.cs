using System.Security.Authentication;
using System.Text.Json;
using PsContainers.Images.Registry.Http;

namespace PsContainers.Images.Registry;

/// <summary>Something asked of a registry, in words; whatever goes wrong in it becomes one kind of exception that says them.</summary>
/// <param name="Registry">Host, with its port where it has one.</param>
/// <param name="Words">As in `cannot …`: `get the manifest of docker.io/library/busybox:latest`.</param>
/// <param name="Secrets">What the words of no fault may tell, wherever they came from.</param>
internal readonly record struct RegistryTask(string Registry, string Words, Secrets Secrets)
{
    internal async Task<T> RunAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            throw new RegistryException(Registry, Words, fault, Secrets);
        }
    }

    internal async Task RunAsync(Func<Task> act) => await RunAsync(async () =>
    {
        await act().ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <summary>Null for a bug and for a wish to stop, which are none of the registry's.</summary>
    internal static RegistryFault? FaultOf(Exception error) => error switch
    {
        RegistryFault fault => fault,
        JsonException => new($"the answer is not the JSON it should be: {error.Message}", error),
        HttpRequestException { InnerException: RegistryFault fault } => fault,
        HttpRequestException { InnerException: AuthenticationException inner } => new($"TLS failed: {CauseOf(inner)}", error),
        HttpRequestException or HttpIOException or IOException => new(Innermost(error), error),
        _ => null,
    };

    // What .NET says of bytes that are no TLS record helps nobody.
    private static string CauseOf(AuthenticationException error) => error.Message.Contains("frame size", StringComparison.Ordinal)
        ? "its answer is no TLS; it may speak plain http, which has to be allowed"
        : error.Message;

    // `An error occurred while sending the request` says nothing; what it holds does.
    private static string Innermost(Exception error)
    {
        var cause = error;
        while (cause is HttpRequestException { HttpRequestError: HttpRequestError.Unknown } && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message;
    }
}
