using System.Globalization;

namespace PsContainers.Engine.Errors;

/// <summary>Every failure that a user can act on, in one place: the ids are a contract with scripts and never change.</summary>
/// <remarks>
/// ContainerNotFound, ContainerAmbiguous, ContainerNameInUse, ContainerNameInvalid, ContainerRunning, ContainerNotRunning,
/// ContainerBusy, ContainerStartFailed, CommandNotFound, CommandNotExecutable, CommandStartFailed, TerminalRequired,
/// WaitTimeout, StopFailed,
/// ImageNotFound, ImageAmbiguous, ImageInUse, ImageInvalid, ImageNameInvalid, ImageCommandMissing, ImagePathNotFound, ImageImportFailed,
/// ImageExportFailed, ImageRemoveFailed, ImagePublishFailed, ReclaimFailed, ExportPathInUse,
/// CompareFailed, CommitFailed, ContainerExportFailed,
/// MountFailed, ImageNotMounted, StorageRepairFailed,
/// ContainerPaused, SuspendFailed, UpdateFailed, InvalidCapability, InvalidSecurityOption, InvalidDevice, InvalidSysctl, InvalidUlimit,
/// InvalidNamespace, InvalidNetwork, InvalidPort, InvalidDns, InvalidSignal, IdRangesExhausted,
/// InvalidLimit, InvalidStorageSize, InvalidEnvironment, InvalidWorkingDirectory, InvalidHostname, InvalidUser, InvalidArgument,
/// LauncherMissing, StoreTooNew, StoreUnusable, RunDirectoryDiffers, RootRequired.
/// </remarks>
internal static class EngineErrors
{
    public const int CommandNotFoundCode = 127;
    public const int CommandNotExecutableCode = 126;

    public static ContainerEngineException ContainerNotFound(string container) =>
        New("ContainerNotFound", EngineErrorKind.NotFound, container, $"container '{container}' does not exist");

    public static ContainerEngineException ContainerAmbiguous(string prefix, IEnumerable<string> ids) => New(
        "ContainerAmbiguous", EngineErrorKind.InvalidArgument, prefix,
        $"'{prefix}' is the beginning of several containers' ids: {string.Join(", ", ids)}");

    public static ContainerEngineException ContainerNameInUse(string name) =>
        New("ContainerNameInUse", EngineErrorKind.AlreadyExists, name, $"a container named '{name}' exists already");

    public static ContainerEngineException ContainerNameInvalid(string name) => New(
        "ContainerNameInvalid", EngineErrorKind.InvalidArgument, name,
        $"container name '{name}' is not made of letters, digits, '_', '.' and '-', beginning with a letter or digit, 128 at most");

    public static ContainerEngineException ContainerRunning(string name) =>
        New("ContainerRunning", EngineErrorKind.InvalidState, name, $"container '{name}' is running; stop it first or use -Force");

    public static ContainerEngineException ContainerNotRunning(string name) =>
        New("ContainerNotRunning", EngineErrorKind.InvalidState, name, $"container '{name}' is not running");

    public static ContainerEngineException ContainerBusy(string name, TimeSpan waited) => New(
        "ContainerBusy", EngineErrorKind.InUse, name,
        string.Create(
            CultureInfo.InvariantCulture,
            $"another session works on '{name}', and did not finish within {waited.TotalSeconds:0} s"));

    public static ContainerEngineException ContainerStartFailed(string name, string cause, Exception? inner = null) =>
        New("ContainerStartFailed", EngineErrorKind.Failed, name, $"container '{name}' cannot start: {cause}", inner);

    /// <param name="act">What the container cannot do without the command.</param>
    public static ContainerEngineException CommandNotFound(string name, string cause, string act = "start") =>
        new($"container '{name}' cannot {act}: {cause}", "CommandNotFound", EngineErrorKind.NotFound, name)
        {
            ExitCode = CommandNotFoundCode,
        };

    public static ContainerEngineException CommandNotExecutable(string name, string cause, string act = "start") =>
        new($"container '{name}' cannot {act}: {cause}", "CommandNotExecutable", EngineErrorKind.PermissionDenied, name)
        {
            ExitCode = CommandNotExecutableCode,
        };

    public static ContainerEngineException CommandStartFailed(string name, string cause, Exception inner) =>
        New("CommandStartFailed", EngineErrorKind.Failed, name, $"container '{name}' cannot run the command: {cause}", inner);

    public static ContainerEngineException TerminalRequired(string name) => New(
        "TerminalRequired", EngineErrorKind.InvalidState, name,
        $"container '{name}' can be entered from a terminal only, and stdin is none; use Invoke-ContainerCommand");

    public static ContainerEngineException WaitTimeout(string name, TimeSpan timeout) => New(
        "WaitTimeout", EngineErrorKind.Timeout, name,
        string.Create(CultureInfo.InvariantCulture, $"container '{name}' did not end within {timeout.TotalSeconds:0.###} s"));

    public static ContainerEngineException StopFailed(string name, TimeSpan waited) => New(
        "StopFailed", EngineErrorKind.Timeout, name,
        string.Create(CultureInfo.InvariantCulture, $"container '{name}' was killed, but did not end within {waited.TotalSeconds:0} s"));

    public static ContainerEngineException ImageNotFound(string image) =>
        New("ImageNotFound", EngineErrorKind.NotFound, image, $"image '{image}' does not exist");

    public static ContainerEngineException ImageAmbiguous(string prefix, IEnumerable<string> ids) => New(
        "ImageAmbiguous", EngineErrorKind.InvalidArgument, prefix,
        $"'{prefix}' is the beginning of several images' ids: {string.Join(", ", ids)}");

    public static ContainerEngineException ImageInUse(string image, string container, string state) => New(
        "ImageInUse", EngineErrorKind.InUse, image, $"image '{image}' is used by the {state} container '{container}'");

    public static ContainerEngineException ImageListed(string image, string list) => New(
        "ImageInUse", EngineErrorKind.InUse, image,
        $"image '{image}' is on the manifest list '{list}'; take it off with Remove-ContainerManifestImage or use -Force");

    public static ContainerEngineException ImageHasNames(string image, IEnumerable<string> names) => New(
        "ImageInUse", EngineErrorKind.InUse, image,
        $"image '{image}' has several names: {string.Join(", ", names)}; use -Force to remove them all");

    public static ContainerEngineException ImageInvalid(string path, string cause, Exception? inner) =>
        New("ImageInvalid", EngineErrorKind.InvalidData, path, cause, inner);

    public static ContainerEngineException ImageNameInvalid(string? name, string cause) =>
        New("ImageNameInvalid", EngineErrorKind.InvalidArgument, name, cause);

    public static ContainerEngineException ImageCommandMissing(string image) =>
        New("ImageCommandMissing", EngineErrorKind.InvalidArgument, image, $"image '{image}' names no command; give one");

    public static ContainerEngineException ImagePathNotFound(string path) =>
        New("ImagePathNotFound", EngineErrorKind.NotFound, path, $"'{path}' does not exist");

    public static ContainerEngineException ImageImportFailed(string path, string cause, Exception inner) =>
        New("ImageImportFailed", EngineErrorKind.Failed, path, $"'{path}' cannot be imported: {cause}", inner);

    public static ContainerEngineException ImageExportFailed(string path, string cause, Exception inner) =>
        New("ImageExportFailed", EngineErrorKind.Failed, path, $"'{path}' cannot be written: {cause}", inner);

    public static ContainerEngineException CompareFailed(string name, Exception inner) =>
        New("CompareFailed", EngineErrorKind.Failed, name, $"'{name}' cannot be compared: {inner.Message}", inner);

    public static ContainerEngineException CommitFailed(string name, Exception inner) =>
        New("CommitFailed", EngineErrorKind.Failed, name, $"container '{name}' cannot be made an image: {inner.Message}", inner);

    public static ContainerEngineException ContainerExportFailed(string name, Exception inner) =>
        New("ContainerExportFailed", EngineErrorKind.Failed, name, $"container '{name}' cannot be exported: {inner.Message}", inner);

    public static ContainerEngineException MountFailed(string image, string act, Exception inner) =>
        New("MountFailed", EngineErrorKind.Failed, image, $"'{image}' cannot be {act}: {inner.Message}", inner);

    public static ContainerEngineException ImageNotMounted(string target, string cause) =>
        New("ImageNotMounted", EngineErrorKind.InvalidState, target, cause);

    public static ContainerEngineException ImageMounted(string image, string path) =>
        New("ImageInUse", EngineErrorKind.InUse, image, $"image '{image}' is mounted at '{path}'; dismount it first");

    public static ContainerEngineException StorageRepairFailed(string name, string cause, Exception? inner = null) =>
        New("StorageRepairFailed", EngineErrorKind.InvalidData, name, $"'{name}' cannot be mended: {cause}", inner);

    public static ContainerEngineException ImageRemoveFailed(string image, Exception inner) =>
        New("ImageRemoveFailed", EngineErrorKind.Failed, image, $"image '{image}' cannot be removed: {inner.Message}", inner);

    public static ContainerEngineException ImagePublishFailed(string image, Exception inner) =>
        New("ImagePublishFailed", EngineErrorKind.Failed, image, $"'{image}' cannot be published: {inner.Message}", inner);

    public static ContainerEngineException ReclaimFailed(string item, Exception inner) =>
        New("ReclaimFailed", EngineErrorKind.Failed, item, $"{item} cannot be removed: {inner.Message}", inner);

    public static ContainerEngineException ExportPathInUse(string path) =>
        New("ExportPathInUse", EngineErrorKind.AlreadyExists, path, $"'{path}' is there already; use -Force to replace it");

    public static ContainerEngineException InvalidLimit(object? value, string cause, Exception? inner = null) =>
        New("InvalidLimit", EngineErrorKind.InvalidArgument, value, cause, inner);

    public static ContainerEngineException InvalidEnvironment(string name) => New(
        "InvalidEnvironment", EngineErrorKind.InvalidArgument, name,
        $"environment variable '{name}' has an empty name, or '=' or NUL where none may be");

    public static ContainerEngineException InvalidWorkingDirectory(string directory) => New(
        "InvalidWorkingDirectory", EngineErrorKind.InvalidArgument, directory, $"working directory '{directory}' is not an absolute path");

    public static ContainerEngineException InvalidHostname(string hostname) => New(
        "InvalidHostname", EngineErrorKind.InvalidArgument, hostname,
        $"hostname '{hostname}' is not made of letters, digits, '.' and '-', 63 at most");

    public static ContainerEngineException InvalidStorageSize(long size, string cause) => New(
        "InvalidStorageSize", EngineErrorKind.InvalidArgument, size,
        string.Create(CultureInfo.InvariantCulture, $"the writable layer cannot be limited to {size} bytes: {cause}"));

    public static ContainerEngineException InvalidUser(string user) => New(
        "InvalidUser", EngineErrorKind.InvalidArgument, user, $"user '{user}' is not name|uid[:group|gid]");

    public static ContainerEngineException InvalidArgument(string value, string cause) =>
        New("InvalidArgument", EngineErrorKind.InvalidArgument, value, cause);

    public static ContainerEngineException ContainerPaused(string name) => New(
        "ContainerPaused", EngineErrorKind.InvalidState, name, $"container '{name}' is paused; resume or stop it first");

    public static ContainerEngineException SuspendFailed(string name, string cause, Exception? inner = null) =>
        New("SuspendFailed", EngineErrorKind.Failed, name, $"container '{name}' cannot be suspended: {cause}", inner);

    public static ContainerEngineException UpdateFailed(string name, Exception inner) => New(
        "UpdateFailed", EngineErrorKind.Failed, name, $"the limits of '{name}' stay as they are: {inner.Message}", inner);

    public static ContainerEngineException InvalidCapability(string name, string cause) =>
        New("InvalidCapability", EngineErrorKind.InvalidArgument, name, cause);

    public static ContainerEngineException InvalidSecurityOption(string option, string cause, Exception? inner = null) =>
        New("InvalidSecurityOption", EngineErrorKind.InvalidArgument, option, $"security option '{option}' {cause}", inner);

    public static ContainerEngineException InvalidDevice(string device, string cause) =>
        New("InvalidDevice", EngineErrorKind.InvalidArgument, device, $"device '{device}' {cause}");

    public static ContainerEngineException InvalidSysctl(string name, string cause) =>
        New("InvalidSysctl", EngineErrorKind.InvalidArgument, name, $"kernel parameter '{name}' {cause}");

    public static ContainerEngineException InvalidUlimit(string name, string cause) =>
        New("InvalidUlimit", EngineErrorKind.InvalidArgument, name, cause);

    public static ContainerEngineException InvalidNamespace(string parameter, string? value, string choice) =>
        New("InvalidNamespace", EngineErrorKind.InvalidArgument, value, $"{parameter} '{value}' is none of {choice}");

    public static ContainerEngineException InvalidNetwork(string network, string cause) =>
        New("InvalidNetwork", EngineErrorKind.InvalidArgument, network, $"network '{network}' {cause}");

    public static ContainerEngineException InvalidPort(string port, string cause) =>
        New("InvalidPort", EngineErrorKind.InvalidArgument, port, $"port '{port}' cannot be published: {cause}");

    public static ContainerEngineException InvalidDns(string value, string cause) =>
        New("InvalidDns", EngineErrorKind.InvalidArgument, value, $"'{value}' {cause}");

    public static ContainerEngineException InvalidSignal(string signal) => New(
        "InvalidSignal", EngineErrorKind.InvalidArgument, signal, $"'{signal}' is no signal such as SIGTERM, HUP, 15 or SIGRTMIN+3");

    public static ContainerEngineException Contradiction(string first, string second, string cause) => New(
        "InvalidArgument", EngineErrorKind.InvalidArgument, first, $"{first} and {second} cannot be combined: {cause}");

    public static ContainerEngineException IdRangesExhausted() => New(
        "IdRangesExhausted", EngineErrorKind.Failed, null,
        "every range of ids that /etc/subuid and /etc/subgid set aside for 'containers' is in use");

    public static ContainerEngineException LauncherMissing(string path) =>
        New("LauncherMissing", EngineErrorKind.NotFound, path, $"the launcher '{path}' does not exist; build it first");

    public static ContainerEngineException StoreTooNew(string path, long version, int known) => New(
        "StoreTooNew", EngineErrorKind.InvalidState, path,
        $"the store '{path}' has version {version}; this engine knows versions up to {known}");

    public static ContainerEngineException RunDirectoryDiffers(string root, string known, string asked) => New(
        "RunDirectoryDiffers", EngineErrorKind.InvalidState, root,
        $"containers of the store '{root}' run under '{known}', and this session would look for them in '{asked}': "
        + "set PSCONTAINERS_RUN to the first");

    public static ContainerEngineException StoreUnusable(string path, Exception inner) => New(
        "StoreUnusable", EngineErrorKind.Failed, path, $"the store '{path}' cannot be made or opened: {inner.Message}", inner);

    public static ContainerEngineException RootRequired(string path, Exception inner) => New(
        "RootRequired", EngineErrorKind.PermissionDenied, path, $"the engine needs root: '{path}' cannot be made or opened", inner);

    private static ContainerEngineException New(string id, EngineErrorKind kind, object? target, string message, Exception? inner = null) =>
        new(message, id, kind, target, inner);
}
