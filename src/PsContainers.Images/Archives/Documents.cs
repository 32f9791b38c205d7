using System.Text.Json;

namespace PsContainers.Images.Archives;

/// <summary>Turns what is wrong with a JSON document into a message that says which document.</summary>
internal static class Documents
{
    internal delegate T Reader<out T>(ReadOnlySpan<byte> bytes);

    internal static T Read<T>(ReadOnlySpan<byte> bytes, string name, Reader<T> reader)
    {
        try
        {
            return reader(bytes);
        }
        catch (JsonException e)
        {
            throw new ImageFormatException($"{name} is not valid: {e.Message}");
        }
    }
}
