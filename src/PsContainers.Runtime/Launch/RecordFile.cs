using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PsContainers.Runtime.Launch;

/// <summary>Reads a supervisor's record; they are renamed into place, so a file that is there is whole.</summary>
/// <remarks>
/// Except on a disk after a power cut: the rename may have reached it and the content not. Such a record says nothing, and counts as none.
/// </remarks>
internal static class RecordFile
{
    internal static T? Read<T>(string directory, string name, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Join(directory, name)), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
