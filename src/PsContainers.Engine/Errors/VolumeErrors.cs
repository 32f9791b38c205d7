using PsContainers.Drivers;

namespace PsContainers.Engine.Errors;

/// <summary>Failures about volumes and mounts, with ids that never change between versions.</summary>
/// <remarks>
/// VolumeNotFound, VolumeAmbiguous, VolumeNameInUse, VolumeNameInvalid, VolumeInUse, VolumeInvalid, VolumeDriverNotFound,
/// VolumeDriverFailed, VolumeNotMounted, VolumeNotEmpty, VolumeFailed, InvalidMount, MountSourceNotFound.
/// </remarks>
internal static class VolumeErrors
{
    public static ContainerEngineException NotFound(string volume) =>
        New("VolumeNotFound", EngineErrorKind.NotFound, volume, $"volume '{volume}' does not exist");

    public static ContainerEngineException Ambiguous(string prefix, IEnumerable<string> ids) => New(
        "VolumeAmbiguous", EngineErrorKind.InvalidArgument, prefix,
        $"'{prefix}' is the beginning of several volumes' ids: {string.Join(", ", ids)}");

    public static ContainerEngineException NameInUse(string name) =>
        New("VolumeNameInUse", EngineErrorKind.AlreadyExists, name, $"a volume named '{name}' exists already");

    public static ContainerEngineException NameInvalid(string name) => New(
        "VolumeNameInvalid", EngineErrorKind.InvalidArgument, name,
        $"volume name '{name}' is not made of letters, digits, '_', '.' and '-', beginning with a letter or digit, 128 at most");

    public static ContainerEngineException InUse(string name, IEnumerable<string> users) =>
        New("VolumeInUse", EngineErrorKind.InUse, name, $"volume '{name}' is used by {string.Join(", ", users)}");

    public static ContainerEngineException IsLeaving(string name) => New(
        "VolumeInUse", EngineErrorKind.InvalidState, name,
        $"volume '{name}' is being removed, or could not be; Remove-ContainerVolume tries again");

    public static ContainerEngineException Differs(string name, string cause) => New(
        "VolumeInvalid", EngineErrorKind.AlreadyExists, name, $"volume '{name}' exists already, and {cause}");

    public static ContainerEngineException NotMounted(string volume, string cause) =>
        New("VolumeNotMounted", EngineErrorKind.InvalidState, volume, cause);

    public static ContainerEngineException NotEmpty(string name) => New(
        "VolumeNotEmpty", EngineErrorKind.InvalidState, name,
        $"volume '{name}' has files in it; with -Force they stay beside the new ones");

    /// <param name="act">What was done with it: <c>be copied</c>.</param>
    public static ContainerEngineException Failed(string name, string act, Exception cause) =>
        New("VolumeFailed", EngineErrorKind.Failed, name, $"volume '{name}' cannot {act}: {cause.Message}", cause);

    public static ContainerEngineException IsDirectory(string name, string path) => New(
        "VolumeFailed", EngineErrorKind.InvalidArgument, name,
        $"volume '{name}' cannot take the files of '{path}': it is a directory, and not a tar file");

    public static ContainerEngineException DriverNotFound(string driver, Exception cause) =>
        New("VolumeDriverNotFound", EngineErrorKind.NotFound, driver, cause.Message, cause);

    /// <param name="act">What was asked of it: <c>be mounted for the container 'web'</c>.</param>
    public static ContainerEngineException DriverFailed(string volume, string act, DriverException cause) => New(
        cause.Kind == DriverErrorKind.InvalidRequest ? "VolumeInvalid" : "VolumeDriverFailed",
        cause.Kind switch
        {
            DriverErrorKind.InvalidRequest or DriverErrorKind.Unsupported => EngineErrorKind.InvalidArgument,
            DriverErrorKind.InUse or DriverErrorKind.Exhausted => EngineErrorKind.InUse,
            _ => EngineErrorKind.Failed,
        },
        volume,
        $"volume '{volume}' cannot {act}: {(cause.Field is { } field ? $"{field}: " : "")}{cause.Message}",
        cause);

    public static ContainerEngineException InvalidMount(ContainerMount mount, string cause) =>
        New("InvalidMount", EngineErrorKind.InvalidArgument, mount, $"mount '{mount}': {cause}");

    public static ContainerEngineException SourceNotFound(ContainerMount mount) => New(
        "MountSourceNotFound", EngineErrorKind.NotFound, mount,
        $"mount '{mount}': '{mount.Source}' does not exist on the host; create-source makes a directory there");

    private static ContainerEngineException New(string id, EngineErrorKind kind, object? target, string message, Exception? inner = null) =>
        new(message, id, kind, target, inner);
}
