using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Changes of a JSON document that leave it one, most of the time.</summary>
internal static class JsonMutation
{
    // What no writer would write: text that is put in a place that was marked.
    private static readonly string[] _raw =
    [
        "99999999999999999999999", "-1", "1e999", "1.5", "-0", "9223372036854775807", "9223372036854775808", "2147483648", "true", "null",
        "{}", "[]", "\"\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "{\"a\":1,\"a\":2}", "{\"\\ud800\":1}", "[null]", "[[]]", "\"\u00ff\"",
        "/*c*/1", "NaN", "'x'", "[1,]", string.Concat(Enumerable.Repeat("[", 200)) + string.Concat(Enumerable.Repeat("]", 200)),
        string.Concat(Enumerable.Repeat("[", 30_000)), string.Concat(Enumerable.Repeat("{\"a\":", 5_000)),
    ];

    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    public static byte[] Apply(byte[] document, byte[] other, Chance chance)
    {
        if (chance.OneIn(6) || Parse(document) is not { } root)
        {
            return ByteMutation.Apply(document, other, chance);
        }

        var marks = new List<string>();
        for (var count = 1 + chance.Below(3); count > 0; count--)
        {
            root = Change(root, Parse(other), marks, chance) ?? JsonValue.Create("nothing");
        }

        var text = root.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 });
        foreach (var mark in marks)
        {
            text = text.Replace($"\"{mark}\"", chance.Of(_raw), StringComparison.Ordinal);
        }

        return Bytes(text, chance);
    }

    private static JsonNode? Parse(byte[] document)
    {
        try
        {
            var root = JsonNode.Parse(document, documentOptions: _options);

            // All of it now: texts that are none are found when they are looked at.
            return root is null ? null : JsonNode.Parse(root.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Latin-1 has bytes that are not UTF-8.
    private static byte[] Bytes(string text, Chance chance) => chance.Below(20) switch
    {
        0 => [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)],
        1 => Encoding.Latin1.GetBytes(text),
        2 => Duplicated(text, chance),
        _ => Encoding.UTF8.GetBytes(text),
    };

    // A member twice: `{"a":1` → `{"a":1,"a":1`
    private static byte[] Duplicated(string text, Chance chance)
    {
        var comma = text.IndexOf(',', chance.Below(text.Length));
        var open = comma < 0 ? -1 : text.LastIndexOfAny(['{', ','], Math.Max(0, comma - 1));
        return Encoding.UTF8.GetBytes(open < 0 ? text : text.Insert(comma, "," + text[(open + 1)..comma]));
    }

    private static JsonNode? Change(JsonNode root, JsonNode? other, List<string> marks, Chance chance)
    {
        var places = new List<JsonNode>();
        Collect(root, places);
        var containers = places.Where(node => node is JsonObject or JsonArray).ToList();
        if (containers.Count == 0)
        {
            return Value(other, marks, chance);
        }

        switch (chance.Of(containers))
        {
            case JsonObject members:
                ChangeMembers(members, other, marks, chance);
                break;
            case JsonArray elements:
                ChangeElements(elements, other, marks, chance);
                break;
        }

        return root;
    }

    private static void ChangeMembers(JsonObject members, JsonNode? other, List<string> marks, Chance chance)
    {
        var key = chance.Of(members.Count == 0 || chance.OneIn(5) ? Vocabulary.Keys : members.Select(member => member.Key).ToList());
        if (chance.OneIn(6))
        {
            members.Remove(key);
        }
        else if (chance.OneIn(8))
        {
            var value = members[key]?.DeepClone();
            members.Remove(key);
            members[chance.OneIn(2) ? key.ToUpperInvariant() : chance.Of(Vocabulary.Keys)] = value;
        }
        else
        {
            members[key] = Value(other, marks, chance);
        }
    }

    private static void ChangeElements(JsonArray elements, JsonNode? other, List<string> marks, Chance chance)
    {
        var index = chance.Below(elements.Count + 1);
        if (index == elements.Count || chance.OneIn(4))
        {
            elements.Insert(index, Value(other, marks, chance));
        }
        else if (chance.OneIn(3))
        {
            elements.RemoveAt(index);
        }
        else if (chance.OneIn(3))
        {
            for (var count = chance.OneIn(10) ? 600 : 1; count > 0; count--)
            {
                elements.Add(elements[index]?.DeepClone());
            }
        }
        else
        {
            elements[index] = Value(other, marks, chance);
        }
    }

    private static JsonNode? Value(JsonNode? other, List<string> marks, Chance chance)
    {
        switch (chance.Below(8))
        {
            case 0:
                return null;
            case 1 when other is not null:
                var places = new List<JsonNode>();
                Collect(other, places);
                return chance.Of(places).DeepClone();
            case 2 or 3 or 4:
                return JsonValue.Create(chance.Of(Vocabulary.Texts));
            case 5:
                return JsonValue.Create(chance.Below(3) - 1);
            default:
                marks.Add($"mark{marks.Count}");
                return JsonValue.Create(marks[^1]);
        }
    }

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        places.Add(node);
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray elements => elements,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>())
        {
            Collect(child, places);
        }
    }
}
