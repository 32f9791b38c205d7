using System.Text;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Answers;

/// <summary>Rules that hold for answers of every kind of driver. Each returns what is wrong, or null.</summary>
internal static class AnswerRule
{
    public const int LargestState = 64 * 1024;

    public static JsonMismatch Nothing { get; } = new("", "nothing");

    public static JsonMismatch? Kept(string field, string wanted, string? answered) =>
        wanted == answered ? null : new(field, $"\"{Abridged.Of(answered ?? "")}\": was \"{wanted}\", and may not change");

    public static JsonMismatch? State(string? state) =>
        state is not null && Encoding.UTF8.GetByteCount(state) is var size and > LargestState
            ? new("state", $"{size} bytes, more than {LargestState}")
            : null;

    public static JsonMismatch? Optional(string? text, string field, Func<string, string?> breach) =>
        text is null ? null : Text(text, field, breach);

    public static JsonMismatch? Text(string? text, string field, Func<string, string?> breach) => text is null
        ? new(field, "null is not a text")
        : breach(text) is { } reason ? new(field, $"\"{Abridged.Of(text)}\": {reason}") : null;

    public static JsonMismatch? First<T>(IReadOnlyList<T> items, string field, Func<T, string, JsonMismatch?> check)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (check(items[i], $"{field}[{i}]") is { } mismatch)
            {
                return mismatch;
            }
        }

        return null;
    }
}
