using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsContainers.Images;

/// <summary>A stranger's JSON as a tree. What is wrong with it is a <see cref="JsonException"/>, and at once.</summary>
/// <remarks>
/// A tree by itself only finds when it is looked at that a member is there twice, or that a text is no text: its bytes are not UTF-8,
/// or an escape is half of a character. Both are then exceptions of bugs.
/// </remarks>
public static class ForeignJson
{
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    public static JsonNode? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                CheckText(ref reader);
            }
        }

        return JsonNode.Parse(bytes, documentOptions: _options);
    }

    private static void CheckText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException(
                "a text in it is not Unicode", path: null, lineNumber: null, bytePositionInLine: reader.TokenStartIndex);
        }
    }
}
