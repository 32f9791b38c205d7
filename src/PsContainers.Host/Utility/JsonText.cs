using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace PsContainers.Host.Utility;

/// <summary>Writes PowerShell's objects as JSON values: properties, dictionaries, lists and plain values.</summary>
internal sealed class JsonText(Utf8JsonWriter writer, int depth, bool enumsAsStrings)
{
    /// <summary>Whether something lay deeper than the limit and was written as its text.</summary>
    public bool WasCut { get; private set; }

    public void Write(object? value) => Write(value, level: 0);

    private void Write(object? value, int level)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (TryWritePlain(plain))
        {
            return;
        }

        if (level > depth)
        {
            WasCut = true;
            writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(value));
        }
        else if (plain is IDictionary dictionary)
        {
            // Not the values of IEnumerable: a generic dictionary has pairs of its own type there.
            var keys = dictionary.Keys.Cast<object>();
            WriteObject(keys.Select(key => (LanguagePrimitives.ConvertTo<string>(key), dictionary[key])), level);
        }
        else if (plain is IEnumerable items)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                Write(item, level + 1);
            }

            writer.WriteEndArray();
        }
        else
        {
            var properties = PSObject.AsPSObject(value!).Properties.Where(property => property.IsGettable);
            WriteObject(properties.Select(property => (property.Name, ValueOf(property))), level);
        }
    }

    private void WriteObject(IEnumerable<(string Name, object? Value)> members, int level)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            Write(value, level + 1);
        }

        writer.WriteEndObject();
    }

    private bool TryWritePlain(object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                return true;
            case bool flag:
                writer.WriteBooleanValue(flag);
                return true;
            case Enum named when !enumsAsStrings:
                writer.WriteRawValue(named.ToString("D"));
                return true;
            case double or float:
                WriteNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                return true;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                writer.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                return true;
            case DateTime time:
                writer.WriteStringValue(time);
                return true;
            case string or char or Enum or Guid or Uri or Version or TimeSpan or DateTimeOffset or ScriptBlock or Type:
                writer.WriteStringValue(value.ToString());
                return true;
            default:
                return false;
        }
    }

    // JSON has no word for these.
    private void WriteNumber(double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}
