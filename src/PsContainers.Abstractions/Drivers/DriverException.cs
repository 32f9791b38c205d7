namespace PsContainers.Drivers;

/// <summary>The one exception that a driver throws: a message in a user's words, which names the object and the cause.</summary>
/// <param name="field">The member of the request that is wrong, as in JSON: <c>subnets[0].gateway</c>.</param>
public sealed class DriverException(string message, DriverErrorKind kind, string? field = null, Exception? cause = null)
    : Exception(message, cause)
{
    public DriverErrorKind Kind { get; } = kind;

    public string? Field { get; } = field;
}
