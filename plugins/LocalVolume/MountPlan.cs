using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume;

/// <summary>What is to be mounted for a volume, and how.</summary>
internal sealed record MountPlan
{
    private const string Address = "addr=";

    internal required string FileSystem { get; init; }

    internal required string Device { get; init; }

    internal required MountWords Words { get; init; }

    /// <summary>The file system's own options.</summary>
    internal required IReadOnlyList<string> Own { get; init; }

    // The kernel wants a number where mount(8) has helpers that ask the name servers.
    private bool IsRemote => FileSystem is "nfs" or "nfs4" or "cifs" or "smb3";

    internal void Apply(VolumeDefinition volume, string target)
    {
        if (Words.IsBind)
        {
            MountFailure.Explain(volume, Device, "none", () => HostMount.Bind(Device, target, Words.Flags, Words.IsRecursive));
            return;
        }

        using var loop = Words.IsLoop ? Looped(volume) : null;
        var own = IsRemote ? Own.Select(word => WithNumber(volume, word)) : Own;
        MountFailure.Attach(volume, FileSystem, Device, target, Words.Flags, string.Join(',', own), loop?.Path);
    }

    private LoopDevice Looped(VolumeDefinition volume)
    {
        try
        {
            return LoopDevice.Attach(Device, Words.Flags.HasFlag(HostMountFlags.ReadOnly));
        }
        catch (LinuxException e)
        {
            throw VolumeCall.Failed(volume, "mount", $"{Device} can't be a loop device: {e.Message}", DriverErrorKind.Failed, e);
        }
    }

    private static string WithNumber(VolumeDefinition volume, string word)
    {
        if (!word.StartsWith(Address, StringComparison.Ordinal) || IPAddress.TryParse(word[Address.Length..], out _))
        {
            return word;
        }

        var host = word[Address.Length..];
        try
        {
            var addresses = Dns.GetHostAddresses(host);
            var first = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
            return $"{Address}{first}";
        }
        catch (SocketException e)
        {
            throw VolumeCall.Failed(
                volume, "mount", $"the host '{host}' of {Address} has no address: {e.Message}", DriverErrorKind.Unavailable, e);
        }
    }
}
