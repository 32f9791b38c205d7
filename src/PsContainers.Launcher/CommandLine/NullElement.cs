using System.Globalization;
using System.Text.Json;
using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>
/// Finds a null in a list, which the serializer lets through: `"args": [null]`. No list of the specification has one, and what nobody knows
/// is looked at too, since a name's meaning is not known here.
/// </summary>
internal static class NullElement
{
    /// <exception cref="InvalidSettingException">Names the place: `linux.namespaces[2]`.</exception>
    internal static void Refuse(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        var path = new Stack<Level>();
        var name = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString() ?? "";
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    continue;
            }

            var place = Place(path, name);
            if (reader.TokenType == JsonTokenType.Null && path.TryPeek(out var list) && list.IsList)
            {
                throw new InvalidSettingException(place, "is null");
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                path.Push(new Level(place, reader.TokenType == JsonTokenType.StartArray));
            }
        }
    }

    private static string Place(Stack<Level> path, string name)
    {
        if (!path.TryPeek(out var level))
        {
            return "";
        }

        return level.IsList ? string.Create(CultureInfo.InvariantCulture, $"{level.Place}[{level.Next++}]")
            : level.Place.Length == 0 ? name
            : $"{level.Place}.{name}";
    }

    private sealed class Level(string place, bool isList)
    {
        internal string Place { get; } = place;

        internal bool IsList { get; } = isList;

        /// <summary>The number of the list's next element.</summary>
        internal int Next { get; set; }
    }
}
