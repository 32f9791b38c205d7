using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>
/// The state of a container as hooks and `state` give it, in the two parts around what changes: <c>{…"status":"</c> STATUS
/// <c>","pid":</c> PID <c>,…}</c>.
/// </summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/runtime.md#state</remarks>
public static class ContainerStateText
{
    public static string Head(string id) => $"{{\"ociVersion\":\"{RuntimeSpec.Version}\",\"id\":{Quote(id)},\"status\":\"";

    public static string Tail(string bundle, IReadOnlyDictionary<string, string>? annotations)
    {
        var text = new StringBuilder($",\"bundle\":{Quote(bundle)}");
        if (annotations is { Count: > 0 })
        {
            text.Append(",\"annotations\":{").AppendJoin(',', annotations.Select(a => $"{Quote(a.Key)}:{Quote(a.Value)}")).Append('}');
        }

        return text.Append('}').ToString();
    }

    /// <summary>A JSON string; null for null.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    internal static string? Quote(string? text) => text is null ? null : $"\"{JsonEncodedText.Encode(text)}\"";
}
