using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;

namespace PsContainers.Plugins.Docker;

/// <summary>Makes of the contract's calls those of Docker's volume plugins.</summary>
/// <remarks>
/// https://docs.docker.com/engine/extend/plugins_volume/ - a volume that the plugin has already under the name is adopted, as by
/// Docker; but whoever made it keeps it, so it stays when the engine's volume is removed.
/// </remarks>
internal sealed class DockerVolumeDriver(string plugin, DockerClient client, DockerClaims claims, DockerUses uses)
    : IVolumeDriver, IVolumeMounter
{
    /// <exception cref="PluginFailure">It is not there, or another kind of plugin.</exception>
    public void Activate(CancellationToken cancellation)
    {
        var implemented = Ask(DockerCalls.Activate, new(), cancellation).Implements ?? [];
        if (!implemented.Contains(DockerCalls.Interface))
        {
            var names = string.Join(", ", implemented.Select(name => Abridged.Of(name ?? "")));
            throw new PluginFailure($"implements {(names.Length == 0 ? "nothing" : names)}, and no {DockerCalls.Interface}");
        }
    }

    // Docker has no call that only checks: which options there are, the plugin says when it is to create.
    public VolumeDefinition Define(VolumeDefinition wanted)
    {
        CheckClaim(wanted);
        return wanted;
    }

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation)
    {
        var claim = CheckClaim(volume);
        var isThere = IsThere(volume.Name, cancellation);
        if (claim is null && isThere && volume.Options.Count > 0)
        {
            throw new DriverException(
                $"plugin {plugin} has a volume {volume.Name} already, whose options can't be changed: leave them out to use it as it is",
                DriverErrorKind.InUse,
                "options");
        }

        if (claim is null || !isThere)
        {
            claim = new DockerClaim(volume.Name, volume.Id, IsAdopted: isThere);
            claims.Write(claim);
        }

        if (!isThere)
        {
            Make(volume, cancellation);
        }

        return new VolumeResult { State = claim.IsAdopted ? "adopted" : "created" };
    }

    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
        var name = record.Volume.Name;
        if (claims.Find(name) is not { } claim || claim.Id != record.Volume.Id)
        {
            return; // removed already, or never made; what has the name now is another's
        }

        if (!claim.IsAdopted)
        {
            var answer = Ask(DockerCalls.Remove, new(name), cancellation);
            if (!answer.IsDone && IsThere(name, cancellation))
            {
                throw Refusal(DockerCalls.Remove, answer);
            }
        }

        claims.Release(name);
    }

    public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation)
    {
        var known = uses.Find(use);
        if (known?.Length > 0)
        {
            return new VolumeMountResult { Path = known };
        }

        if (known is not null)
        {
            Unmount(new VolumeUseRecord { Use = use }, cancellation);
        }

        uses.Begin(use);
        var answer = Ask(DockerCalls.Mount, UseOf(use), cancellation);
        if (!answer.IsDone)
        {
            uses.End(use);
            throw Refusal(DockerCalls.Mount, answer);
        }

        uses.Mounted(use, answer.Mountpoint ?? "");
        return new VolumeMountResult { Path = answer.Mountpoint! }; // looked at as any other driver's answer
    }

    public void Unmount(VolumeUseRecord record, CancellationToken cancellation)
    {
        if (uses.Find(record.Use) is not { } known)
        {
            return;
        }

        var answer = Ask(DockerCalls.Unmount, UseOf(record.Use), cancellation);
        if (!answer.IsDone && MountInfo.OfSelf().Any(mount => mount.MountPoint == known))
        {
            throw Refusal(DockerCalls.Unmount, answer);
        }

        uses.End(record.Use); // or a plugin that was started anew, and knows of nothing to unmount
    }

    private static DockerUse UseOf(VolumeUse use) => new(use.Record.Volume.Name, use.UserId);

    private DockerClaim? CheckClaim(VolumeDefinition volume)
    {
        var claim = claims.Find(volume.Name);
        return claim is null || claim.Id == volume.Id
            ? claim
            : throw new DriverException(
                $"the volume {volume.Name} of plugin {plugin} belongs to the volume with the id {claim.Id}, which had that name when "
                    + "it was made",
                DriverErrorKind.InUse,
                "name");
    }

    private void Make(VolumeDefinition volume, CancellationToken cancellation)
    {
        var answer = Ask(DockerCalls.Create, new(volume.Name, volume.Options), cancellation);
        if (!answer.IsDone)
        {
            claims.Release(volume.Name);
            throw Refusal(DockerCalls.Create, answer);
        }
    }

    // An error of Get may be another one than that there is no such volume.
    private bool IsThere(string name, CancellationToken cancellation) =>
        client.Ask(DockerCalls.Get, new(name), cancellation) is { IsDone: true, Volume: not null }
        || (client.Ask(DockerCalls.List, new(), cancellation) is { IsDone: true, Volumes: { } volumes }
            && volumes.Any(volume => volume?.Name == name));

    private TAnswer Ask<TQuestion, TAnswer>(DockerCall<TQuestion, TAnswer> call, TQuestion question, CancellationToken cancellation)
        where TAnswer : DockerAnswer =>
        client.Ask(call, question, cancellation) ?? throw new PluginFailure($"has no call {call.Name}");

    private DriverException Refusal<TQuestion, TAnswer>(DockerCall<TQuestion, TAnswer> call, DockerAnswer answer)
        where TAnswer : DockerAnswer =>
        new($"plugin {plugin}: {call.Name}: {Abridged.Of(answer.Err!, Abridged.LongestMessage)}", DriverErrorKind.Failed);
}
