using System.Text.Json;
using PsContainers.Linux;
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
            return WholeFile.TryRead(Path.Join(directory, name)) is { } content ? SpecReader.Document(content, record) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
