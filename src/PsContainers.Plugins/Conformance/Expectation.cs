using PsContainers.Drivers;

namespace PsContainers.Plugins.Conformance;

/// <summary>What checks of every kind of driver expect.</summary>
internal static class Expectation
{
    /// <summary>That a driver refuses what a user got wrong.</summary>
    /// <returns>Its words.</returns>
    public static string Refused(Action call)
    {
        try
        {
            call();
        }
        catch (DriverException e) when (e.Kind is DriverErrorKind.InvalidRequest or DriverErrorKind.Unsupported)
        {
            return e.Message;
        }

        throw new CheckFailure("it was not refused");
    }

    /// <summary>That nothing was found of what a driver left behind, made, or did otherwise.</summary>
    public static string? Nothing(IReadOnlyList<string> found, string verb) =>
        found.Count == 0 ? null : throw new CheckFailure($"{verb}: {string.Join(", ", found.Take(10))}");
}
