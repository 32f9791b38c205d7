using PsContainers.Engine.Errors;
using PsContainers.Runtime.Devices;

namespace PsContainers.Engine.Isolation;

/// <summary>A device of the host asked for a container: <c>/dev/fuse</c>, <c>/dev/sdc:/dev/xvdc:r</c>.</summary>
internal static class DeviceRequest
{
    private const string EveryAccess = "rwm";

    /// <summary>The devices that a request stands for on this host now: one, or those of a folder.</summary>
    /// <exception cref="ContainerEngineException">InvalidDevice</exception>
    public static IReadOnlyList<HostDevice> Resolve(string request)
    {
        var parts = request.Split(':');
        var (inside, access) = parts switch
        {
            [var one] => (one, EveryAccess),
            [var one, var second] when IsAccess(second) => (one, second),
            [_, var second] => (second, EveryAccess),
            [_, var second, var third] when IsAccess(third) => (second, third),
            _ => throw EngineErrors.InvalidDevice(request, "is not /dev/x[:/dev/y][:rwm]"),
        };
        if (!IsPath(parts[0]) || !IsPath(inside))
        {
            throw EngineErrors.InvalidDevice(request, "names a device by something else than an absolute path");
        }

        var devices = HostDevice.At(parts[0].TrimEnd('/'), inside.TrimEnd('/'), access);
        return devices.Count > 0 ? devices : throw EngineErrors.InvalidDevice(request, "is no device of this host, nor a folder with one");
    }

    // Where it is made is below the container's root, whatever it says; what climbs is an error all the same.
    private static bool IsPath(string path) =>
        path.Length > 1 && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal) && !path.Split('/').Contains("..");

    private static bool IsAccess(string text) => text.Length is > 0 and <= 3 && text.Distinct().Count() == text.Length
        && !text.AsSpan().ContainsAnyExcept(EveryAccess);
}
