namespace PsContainers.Plugins.Json;

/// <summary>Where a JSON value is not what it should be, and why.</summary>
/// <param name="Field">As a path: <c>subnets[0].gateway</c>; empty for the whole.</param>
internal sealed record JsonMismatch(string Field, string Reason)
{
    public override string ToString() => Field.Length == 0 ? Reason : $"{Field}: {Reason}";
}
