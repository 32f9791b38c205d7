using System.Text.Json;

namespace PsContainers.Plugins.Json;

/// <summary>The members of a JSON object, read one by one; each that is missing, wrong or unknown is refused with its path.</summary>
/// <remarks>
/// Without the serializer, of which each session would have to compile 450 methods for this, two thirds of the time that finding the
/// plugins took: one that needs drivers of assemblies only does without.
/// </remarks>
internal sealed class JsonMembers
{
    private readonly JsonElement _value;
    private readonly string _path;
    private readonly HashSet<string> _known = [];

    public JsonMembers(JsonElement value, string path = "")
    {
        _value = value;
        _path = path;
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(value, path, "an object");
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Find(name) is { } found ? TextOf(found, PathOf(name)) : null;

    public double Number(string name, double otherwise) => Find(name) is not { } found
        ? otherwise
        : found.ValueKind == JsonValueKind.Number && found.TryGetDouble(out var number)
            ? number
            : throw Wrong(found, PathOf(name), "a number");

    public int? OptionalWhole(string name) => Find(name) is not { } found
        ? null
        : found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number)
            ? number
            : throw Wrong(found, PathOf(name), "a whole number");

    public bool Flag(string name) => Find(name) is { } found && (found.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(found, PathOf(name), "true or false"),
    });

    /// <summary>A text that is one of several, as its place among them; −1 when there is none.</summary>
    public int OneOf(string name, string[] choices) => Find(name) is { } found ? ChoiceOf(found, PathOf(name), choices) : -1;

    public List<string>? OptionalTexts(string name) => OptionalList(name, TextOf);

    public List<T>? OptionalList<T>(string name, Func<JsonElement, string, T> read)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        if (found.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(found, PathOf(name), "a list");
        }

        var items = new List<T>();
        foreach (var item in found.EnumerateArray())
        {
            items.Add(read(item, $"{PathOf(name)}[{items.Count}]"));
        }

        return items;
    }

    public Dictionary<string, string>? OptionalDictionary(string name)
    {
        if (OptionalObject(name) is not { } members)
        {
            return null;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in members._value.EnumerateObject())
        {
            texts.Add(member.Name, TextOf(member.Value, members.PathOf(member.Name)));
        }

        return texts;
    }

    public JsonMembers? OptionalObject(string name) => Find(name) is { } found ? new JsonMembers(found, PathOf(name)) : null;

    public MismatchException Missing(string name) => new(new JsonMismatch(PathOf(name), "missing"));

    /// <summary>Refuses what was not read.</summary>
    public void End()
    {
        foreach (var member in _value.EnumerateObject())
        {
            if (!_known.Contains(member.Name))
            {
                throw new MismatchException(new JsonMismatch(PathOf(Abridged.Of(member.Name)), "unknown member"));
            }
        }
    }

    public static string TextOf(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(value, path, "a text");

    public static int ChoiceOf(JsonElement value, string path, string[] choices) =>
        value.ValueKind == JsonValueKind.String && Array.IndexOf(choices, value.GetString()) is var choice and >= 0
            ? choice
            : throw Wrong(value, path, "one of " + string.Join(", ", choices));

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _value.TryGetProperty(name, out var found) ? found : null;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private static MismatchException Wrong(JsonElement value, string path, string wanted) =>
        new(new JsonMismatch(path, $"{Abridged.Of(value.GetRawText())} is not {wanted}"));
}
