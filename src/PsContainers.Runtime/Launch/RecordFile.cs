using System.Text.Json;
using PsContainers.Oci.Runtime.Reading;

namespace PsContainers.Runtime.Launch;

/// <summary>Reads a supervisor's record; they are renamed into place, so a file that is there is whole.</summary>
/// <remarks>
/// Except on a disk after a power cut: the rename may have reached it and the content not. Such a record says nothing, and counts as none.
/// </remarks>
internal static class RecordFile
{
    internal static T? Read<T>(string directory, string name, SpecReader.Value<T> record)
        where T : class
    {
        try
        {
            return SpecReader.Document(File.ReadAllBytes(Path.Join(directory, name)), record);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
