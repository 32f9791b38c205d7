namespace PsContainers.Linux.DBus;

/// <summary>A call over D-Bus that was answered with an error, or not at all.</summary>
/// <param name="error">`org.freedesktop.DBus.Error.AccessDenied`; empty where the other side named none.</param>
public sealed class BusException(string error, string message) : IOException(message)
{
    /// <summary>What callers branch on: the error's name.</summary>
    public string Error { get; } = error;
}
