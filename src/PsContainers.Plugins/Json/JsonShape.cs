using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PsContainers.Plugins.Json;

/// <summary>Compares a JSON value with the type that it is to become, and says in a user's words where it differs.</summary>
/// <remarks>The serializer's own words name .NET types, and it would pass over what it doesn't know.</remarks>
internal static class JsonShape
{
    /// <summary>The first difference; null when there is none.</summary>
    public static JsonMismatch? FirstMismatch(JsonElement value, JsonTypeInfo type) => Compare(value, type, "");

    private static JsonMismatch? Compare(JsonElement value, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => CompareObject(value, type, path),
        JsonTypeInfoKind.Enumerable => CompareList(value, type.Options.GetTypeInfo(type.ElementType!), path),
        JsonTypeInfoKind.Dictionary => CompareDictionary(value, type.Options.GetTypeInfo(type.ElementType!), path),
        _ => CompareScalar(value, type, path),
    };

    private static JsonMismatch? CompareObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Differs(value, "an object", path);
        }

        foreach (var member in value.EnumerateObject())
        {
            // One that is not for JSON is listed, too, but can't be read.
            var property = type.Properties.FirstOrDefault(property => property.Name == member.Name && property.Get is not null);
            var inner = Below(path, member.Name);
            if (property is null)
            {
                return new JsonMismatch(inner, "unknown member");
            }

            var isOpen = member.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable;
            if (!isOpen && Compare(member.Value, type.Options.GetTypeInfo(property.PropertyType), inner) is { } mismatch)
            {
                return mismatch;
            }
        }

        return type.Properties.FirstOrDefault(property => property.IsRequired && !value.TryGetProperty(property.Name, out _)) is { } missing
            ? new JsonMismatch(Below(path, missing.Name), "missing")
            : null;
    }

    private static JsonMismatch? CompareList(JsonElement value, JsonTypeInfo element, string path) =>
        value.ValueKind != JsonValueKind.Array
            ? Differs(value, "a list", path)
            : value.EnumerateArray().Select((item, i) => Compare(item, element, $"{path}[{i}]")).FirstOrDefault(found => found is not null);

    private static JsonMismatch? CompareDictionary(JsonElement value, JsonTypeInfo element, string path) =>
        value.ValueKind != JsonValueKind.Object
            ? Differs(value, "an object", path)
            : value.EnumerateObject()
                .Select(member => Compare(member.Value, element, Below(path, member.Name)))
                .FirstOrDefault(found => found is not null);

    private static JsonMismatch? CompareScalar(JsonElement value, JsonTypeInfo type, string path)
    {
        var target = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        var (isRight, wanted) = target switch
        {
            _ when target == typeof(string) => (value.ValueKind == JsonValueKind.String, "a text"),
            _ when target == typeof(bool) => (value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
            _ when target == typeof(int) => (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), "a whole number"),
            _ when target == typeof(double) => (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out _), "a number"),
            { IsEnum: true } => IsNamed(value, type, target),
            _ => (true, ""),
        };
        return isRight ? null : Differs(value, wanted, path);
    }

    private static (bool IsRight, string Wanted) IsNamed(JsonElement value, JsonTypeInfo type, Type target)
    {
        var names = Enum.GetValuesAsUnderlyingType(target).Cast<object>()
            .Select(member => JsonSerializer.SerializeToElement(Enum.ToObject(target, member), type).GetString()!)
            .ToList();
        return (value.ValueKind == JsonValueKind.String && names.Contains(value.GetString()!), "one of " + string.Join(", ", names));
    }

    private static JsonMismatch Differs(JsonElement value, string wanted, string path) =>
        new(path, $"{Abridged.Of(value.GetRawText())} is not {wanted}");

    private static string Below(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";
}
