namespace PsContainers.Plugins.Json;

/// <summary>A JSON value is not what it should be.</summary>
internal sealed class MismatchException(JsonMismatch mismatch) : Exception(mismatch.ToString())
{
    public JsonMismatch Mismatch { get; } = mismatch;
}
