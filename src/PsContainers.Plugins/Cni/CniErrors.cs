using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Cni;

/// <summary>What a plugin that failed is reported as.</summary>
internal static class CniErrors
{
    /// <param name="named">The plugin and its command.</param>
    public static DriverException Of(CniOutcome outcome, string named)
    {
        if (TryRead(outcome.Output) is { Code: { } code } error)
        {
            var details = string.IsNullOrWhiteSpace(error.Details) ? "" : $": {error.Details.Trim()}";
            return new DriverException(
                $"{named} failed: {Abridged.Of($"{error.Msg?.Trim()}{details}", Abridged.LongestMessage)} (error {code}){outcome.Words}",
                KindOf(code));
        }

        var ending = outcome.Code > 128 ? $"ended by signal {outcome.Code - 128}" : $"ended with code {outcome.Code}";
        return new DriverException($"{named} {ending}, without saying why{outcome.Words}", DriverErrorKind.Failed);
    }

    /// <summary>Whether it is an error, although the exit code says otherwise.</summary>
    public static bool IsError(CniOutcome outcome) => outcome.Code != 0 || TryRead(outcome.Output) is { Code: > 0, Msg: not null };

    private static CniErrorObject? TryRead(byte[] output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, CniJson.Default.CniErrorObject);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The specification's well-known numbers.
    private static DriverErrorKind KindOf(int code) => code switch
    {
        1 => DriverErrorKind.Unsupported, // the version
        2 or 6 or 7 => DriverErrorKind.InvalidRequest, // a field, the JSON, what is in it
        11 or 50 or 51 => DriverErrorKind.Unavailable, // try again, not available, limited connectivity
        _ => DriverErrorKind.Failed,
    };
}
