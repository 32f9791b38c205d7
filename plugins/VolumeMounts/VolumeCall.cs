using PsContainers.Drivers;

namespace PsContainers.VolumeMounts;

/// <summary>One call of a volume driver: what it is about, and in whose words it fails.</summary>
internal static class VolumeCall
{
    private const int IdLength = 64;

    /// <param name="operation">As in "remove".</param>
    internal static T Do<T>(VolumeDefinition volume, string operation, Func<T> work)
    {
        CheckId(volume.Id, "id");
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(volume, operation, e.Message, DriverErrorKind.Failed, e);
        }
    }

    internal static DriverException Failed(
        VolumeDefinition volume, string operation, string reason, DriverErrorKind kind, Exception? cause = null) =>
        new($"volume {volume.Name}: {operation}: {reason}", kind, cause: cause);

    /// <summary>Ids become names of files.</summary>
    internal static void CheckId(string id, string field)
    {
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower))
        {
            throw new DriverException($"'{id}' is not an id of {IdLength} hexadecimal digits", DriverErrorKind.InvalidRequest, field);
        }
    }
}
