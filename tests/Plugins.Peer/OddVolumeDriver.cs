using PsContainers.Drivers;

namespace PsContainers.Plugins.Peer;

/// <summary>A driver that does what the volume's option <c>odd</c> says, and makes no file.</summary>
public class OddVolumeDriver(DriverEnvironment environment) : IVolumeDriver
{
    public VolumeDefinition Define(VolumeDefinition wanted) => OddOf(wanted) switch
    {
        "refuse" => throw new DriverException("the option odd is odd", DriverErrorKind.InvalidRequest, "options.odd"),
        "throw" => throw new InvalidOperationException("a mistake of the driver"),
        "hang" => Hang(wanted),
        "rename" => wanted with { Name = "another" },
        "null" => null!,
        _ => wanted,
    };

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) => OddOf(volume) switch
    {
        "nowhere" => new(),
        "state" => new() { Path = environment.StateDirectory, State = new string('s', 65537) },
        "up" => new() { Path = environment.StateDirectory + "/../other" },
        "obey" => Obey(cancellation),
        _ => new() { Path = environment.StateDirectory, State = "s" },
    };

    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
    }

    protected static string? OddOf(VolumeDefinition volume) => volume.Options.GetValueOrDefault("odd");

    private static VolumeResult Obey(CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne();
        cancellation.ThrowIfCancellationRequested();
        return new();
    }

    private static VolumeDefinition Hang(VolumeDefinition wanted)
    {
        Thread.Sleep(4000);
        return wanted;
    }
}

/// <summary>The same with volumes that have to be mounted.</summary>
public sealed class MountingDriver(DriverEnvironment environment) : OddVolumeDriver(environment), IVolumeMounter
{
    public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation) => OddOf(use.Record.Volume) switch
    {
        "relative" => new() { Path = "volumes/data" },
        _ => new() { Path = "/run/volumes/" + use.Record.Volume.Name, State = use.Record.Result?.State },
    };

    public void Unmount(VolumeUseRecord record, CancellationToken cancellation)
    {
        if (OddOf(record.Use.Record.Volume) == "busy")
        {
            throw new DriverException("it is busy", DriverErrorKind.InUse);
        }
    }
}

/// <summary>One object for networks and volumes.</summary>
public sealed class VersatileDriver(DriverEnvironment environment) : OddDriver(environment), IVolumeDriver
{
    private int _networks;

    public VolumeDefinition Define(VolumeDefinition wanted) =>
        wanted with { Options = new Dictionary<string, string> { ["networks"] = $"{_networks}" } };

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) => new() { Path = "/srv/volumes" };

    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
    }

    public override NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others)
    {
        _networks++;
        return wanted;
    }
}
