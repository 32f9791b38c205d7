using PsContainers.Drivers;
using StreamJsonRpc;

namespace PsContainers.Plugins.RpcPeer;

/// <summary>The methods of the contract for volumes, by their names and parameters.</summary>
public sealed class RpcVolumes
{
    public VolumeDefinition DefineVolume(VolumeDefinition wanted) => wanted.Options.GetValueOrDefault("odd") switch
    {
        "refuse" => throw new LocalRpcException("the option odd is odd")
        {
            ErrorData = new { kind = "invalidRequest", field = "options.odd" },
        },
        _ => wanted,
    };

    public async Task<VolumeResult> CreateVolume(VolumeDefinition volume, CancellationToken cancellation)
    {
        switch (volume.Options.GetValueOrDefault("odd"))
        {
            case "throw":
                throw new InvalidOperationException("a mistake of the driver");
            case "exit":
                await Console.Error.WriteLineAsync("that was too much");
                Environment.Exit(4);
                break;
            case "wait":
                await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
                break;
            case "large":
                return new() { Path = "/srv", State = new string('x', 6_000_000) };
            case "up":
                return new() { Path = "/srv/.." };
        }

        return new() { State = "s" };
    }

    public void RemoveVolume(VolumeRecord record)
    {
    }

    public VolumeMountResult MountVolume(VolumeUse use) =>
        new() { Path = "/srv/" + use.Record.Volume.Name, State = use.Record.Result?.State + use.UserId[0] };

    public void UnmountVolume(VolumeUseRecord record)
    {
        if (record.Result is null)
        {
            throw new LocalRpcException("there is no result") { ErrorData = new { kind = "failed" } };
        }
    }
}
