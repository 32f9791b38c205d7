using System.Text.Json;

namespace PsContainers.Plugins.Processes;

/// <summary>An error that came instead of a result.</summary>
/// <param name="data">What came with it: of a driver that refuses, the kind and the field.</param>
internal sealed class RpcRefusal(string message, JsonElement? data, Exception cause) : Exception(message, cause)
{
    public JsonElement? ErrorData { get; } = data;
}
