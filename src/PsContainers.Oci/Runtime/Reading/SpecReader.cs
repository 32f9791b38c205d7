using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace PsContainers.Oci.Runtime.Reading;

/// <summary>
/// Reads a JSON document whose shape its caller knows, and says where something else stands: `process.args[2] is null, not a text`. The
/// serializer would do the same with a description of every type, which a process that reads one document and ends pays in full: 1 MB of
/// heap for a config.json of 2 kB.
/// </summary>
public ref struct SpecReader
{
    private readonly Level[] _place = new Level[JsonDepth + 1];
    private Utf8JsonReader _json;
    private int _depth;

    // Utf8JsonReader's own limit, beyond which it refuses a document.
    private const int JsonDepth = 64;

    // Enough to know a text again; the document may hold one of megabytes.
    private const int QuotedLength = 80;

    private SpecReader(ReadOnlySpan<byte> content) => _json = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = JsonDepth });

    /// <summary>Reads the value at which the reader stands.</summary>
    public delegate T Value<out T>(ref SpecReader json);

    /// <summary>Reads the field at whose value the reader stands into a copy of what was read so far.</summary>
    public delegate T Field<T>(ref SpecReader json, string name, T soFar);

    /// <exception cref="JsonException">It is no JSON, or not of the shape that is read; names the place.</exception>
    public static T Document<T>(ReadOnlySpan<byte> content, Value<T> value)
    {
        var json = new SpecReader(content);
        json.Advance();
        var result = value(ref json);

        // Throws where anything follows.
        json._json.Read();
        return result;
    }

    /// <summary>An object; a field that is null counts as one that is not there, as in Go, where the specification comes from.</summary>
    /// <param name="required">The names of fields that must be there.</param>
    public T Object<T>(T empty, Field<T> field, params ReadOnlySpan<string> required)
    {
        Expect(JsonTokenType.StartObject, "an object");
        var value = empty;
        var missing = (1u << required.Length) - 1;
        _depth++;
        while (Advance() == JsonTokenType.PropertyName)
        {
            var name = Words();
            _place[_depth] = new Level(name, 0);
            var number = required.IndexOf(name);
            if (Advance() == JsonTokenType.Null && number < 0)
            {
                continue;
            }

            missing &= number < 0 ? missing : ~(1u << number);
            value = field(ref this, name, value);
        }

        if (missing != 0)
        {
            _place[_depth] = new Level(required[BitOperations.TrailingZeroCount(missing)], 0);
            throw new JsonException($"{Place()} is missing");
        }

        _depth--;
        return value;
    }

    /// <summary>A list, none of whose elements may be null.</summary>
    public IReadOnlyList<T> List<T>(Value<T> element)
    {
        Expect(JsonTokenType.StartArray, "a list");
        var list = new List<T>();
        _depth++;
        while (Advance() != JsonTokenType.EndArray)
        {
            _place[_depth] = new Level(null, list.Count);
            list.Add(element(ref this));
        }

        _depth--;
        return list;
    }

    public IReadOnlyList<string> Texts() => List(static (ref SpecReader json) => json.Text());

    /// <summary>An object whose fields' names are keys; none of the values may be null.</summary>
    public IReadOnlyDictionary<string, T> Map<T>(Value<T> value)
    {
        Expect(JsonTokenType.StartObject, "an object");
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        _depth++;
        while (Advance() == JsonTokenType.PropertyName)
        {
            var key = Words();
            _place[_depth] = new Level(key, 0);
            Advance();
            map[key] = value(ref this);
        }

        _depth--;
        return map;
    }

    public IReadOnlyDictionary<string, string> TextMap() => Map(static (ref SpecReader json) => json.Text());

    public string Text()
    {
        Expect(JsonTokenType.String, "a text");
        return Words();
    }

    public bool Flag() => _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw Not("true or false");

    public ushort UInt16() => IsNumber && _json.TryGetUInt16(out var value) ? value : throw NotWhole(ushort.MinValue, ushort.MaxValue);

    public int Int32() => IsNumber && _json.TryGetInt32(out var value) ? value : throw NotWhole(int.MinValue, int.MaxValue);

    public uint UInt32() => IsNumber && _json.TryGetUInt32(out var value) ? value : throw NotWhole(uint.MinValue, uint.MaxValue);

    public long Int64() => IsNumber && _json.TryGetInt64(out var value) ? value : throw NotWhole(long.MinValue, long.MaxValue);

    public ulong UInt64() => IsNumber && _json.TryGetUInt64(out var value) ? value : throw NotWhole(ulong.MinValue, ulong.MaxValue);

    /// <summary>Passes over a field that nobody knows: "MUST NOT generate an error". runtime-spec, "Extensibility"</summary>
    public T Skip<T>(T soFar)
    {
        _json.Skip();
        return soFar;
    }

    /// <summary>What is wrong with the value at which the reader stands.</summary>
    /// <param name="expected">What it should have been: `a text`.</param>
    public readonly JsonException Not(string expected) => new($"{Place()} is {Found()}, not {expected}");

    private readonly bool IsNumber => _json.TokenType == JsonTokenType.Number;

    private readonly JsonException NotWhole<T>(T least, T most) =>
        Not(string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
        {
            throw Not(what);
        }
    }

    private JsonTokenType Advance() => _json.Read() ? _json.TokenType : throw new JsonException("it ends too early");

    private readonly string Words()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"{Place()} has bytes that are no UTF-8, or half of a surrogate pair", e);
        }
    }

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"'{Shorten(Words())}'",
        _ => Shorten(Encoding.UTF8.GetString(_json.ValueSpan)),
    };

    private static string Shorten(string text) => text.Length <= QuotedLength ? text : $"{text.AsSpan(0, QuotedLength)}…";

    private readonly string Place()
    {
        var place = new StringBuilder();
        foreach (var level in _place.AsSpan(1, _depth))
        {
            _ = level.Name is null ? place.Append(CultureInfo.InvariantCulture, $"[{level.Index}]")
                : place.Length == 0 ? place.Append(Shorten(level.Name))
                : place.Append('.').Append(Shorten(level.Name));
        }

        return place.Length == 0 ? "the document" : place.ToString();
    }

    /// <param name="Name">A field's name or a key; null in a list.</param>
    private readonly record struct Level(string? Name, int Index);
}
