using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PsContainers.Runtime.Launch;

/// <summary>Reads a supervisor's record; they are renamed into place, so a file that is there is whole.</summary>
internal static class RecordFile
{
    internal static T? Read<T>(string directory, string name, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Join(directory, name)), type);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
