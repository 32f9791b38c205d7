using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Engine.Volumes;
using PsContainers.Oci;

namespace PsContainers.Engine.Containers;

/// <summary>Reads what a container is to see beside its image's files, and which volumes have to be made for that.</summary>
internal sealed class MountSelection(
    ImageLookup images, VolumeTable volumes, VolumeLookup volumeLookup, VolumeRelease release, ContainerLookup containers)
{
    // Labels for SELinux are for where it is on.
    private static readonly string[] _modes = ["ro", "rw", "z", "Z"];

    /// <summary>The row with its mounts, in the order of mounting. Nothing is made yet.</summary>
    /// <exception cref="ContainerEngineException">
    /// InvalidMount, MountSourceNotFound, ImageNotFound, ContainerNotFound, and those of <see cref="VolumeLookup.Define"/>
    /// </exception>
    public ContainerDraft Apply(ContainerRow row, ContainerCreation creation, ContainerConfig image)
    {
        var own = (creation.Mounts ?? []).Select(MountRules.Check).ToList();
        RefuseTwice(own);
        RefuseShared(row, own);
        var made = new List<VolumeRow>();
        var known = Known(own);
        List<MountSetting> settings = [.. own.Select(mount => Resolve(mount, known, made))];
        foreach (var inherited in (creation.VolumesFrom ?? []).SelectMany(Inherited).Where(IsNew))
        {
            RefuseShared(row, [inherited.Asked]);
            settings.Add(inherited);
        }

        // Only where nothing else is: what a user mounts there is what he wants there.
        var declared = (image.Volumes ?? []).Select(target => MountRules.Check(new ContainerMount { Target = target })).Where(
            mount => settings.TrueForAll(setting => setting.Asked.Target != mount.Target));
        settings.AddRange(declared.DistinctBy(mount => mount.Target).Select(mount => Resolve(mount, known, made)).ToList());

        // What lies in another one's target comes after it.
        IReadOnlyList<MountSetting>? mounts =
            settings.Count == 0 ? null : [.. settings.OrderBy(setting => setting.Asked.Target.Count('/'))];
        return new ContainerDraft(row with { Settings = row.Settings with { Mounts = mounts } }, made);

        bool IsNew(MountSetting inherited) => settings.TrueForAll(setting => setting.Asked.Target != inherited.Asked.Target);
    }

    private static void RefuseTwice(List<ContainerMount> mounts)
    {
        if (mounts.GroupBy(mount => mount.Target).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw VolumeErrors.InvalidMount(twice.Last(), $"there is another one at '{twice.Key}'");
        }
    }

    // What is copied to a mount namespace of less rights is made a slave: mount_namespaces(7).
    private static void RefuseShared(ContainerRow row, List<ContainerMount> mounts)
    {
        if (row.Settings.HasOwnIds && mounts.Find(MountRules.IsShared) is { } shared)
        {
            throw VolumeErrors.InvalidMount(shared, "the host sees no mount of a container that has users of its own");
        }
    }

    // One that somebody is removing, or was killed at it, is as good as gone: it goes first, and makes room for another one.
    private Dictionary<string, VolumeRow> Known(List<ContainerMount> mounts)
    {
        var names = mounts.Where(mount => mount.Type == ContainerMountType.Volume).Select(mount => mount.Source).OfType<string>().ToList();
        var known = names.Count == 0 ? [] : volumes.FindByNames(names);
        foreach (var leaving in known.Values.Where(row => row.Status == ContainerVolumeStatus.Removing).ToList())
        {
            release.RemoveOne(leaving.Id, CancellationToken.None);
            known.Remove(leaving.Name);
        }

        return known;
    }

    private MountSetting Resolve(ContainerMount mount, Dictionary<string, VolumeRow> known, List<VolumeRow> made) => mount.Type switch
    {
        ContainerMountType.Volume => new MountSetting(mount, Volume: Volume(mount, known, made).Id),
        ContainerMountType.Image => new MountSetting(mount, Image: images.Resolve(mount.Source!).Id),
        _ => new MountSetting(mount),
    };

    private VolumeRow Volume(ContainerMount mount, Dictionary<string, VolumeRow> known, List<VolumeRow> made)
    {
        if (mount.Source is { } name && known.GetValueOrDefault(name) is { } found)
        {
            RefuseOther(mount, found);
            return found;
        }

        var creation = new VolumeCreation
        {
            Name = mount.Source,
            Driver = mount.VolumeDriver,
            Options = mount.VolumeOption,
            Labels = mount.VolumeLabel,
        };
        var row = volumeLookup.Define(creation, isAnonymous: mount.Source is null);
        made.Add(row);
        known.TryAdd(row.Name, row);
        return row;
    }

    // A volume is what it is: one with other files than the user thinks would be the worse surprise.
    private static void RefuseOther(ContainerMount mount, VolumeRow known)
    {
        if (mount.VolumeDriver is { } driver && driver != known.Definition.Driver)
        {
            throw VolumeErrors.Differs(known.Name, $"its driver is '{known.Definition.Driver}', not '{driver}'");
        }

        if (mount.VolumeOption.FirstOrDefault(option => known.Definition.Options.GetValueOrDefault(option.Key) != option.Value)
            is { Key: { } key })
        {
            throw VolumeErrors.Differs(known.Name, $"its option '{key}' is another one");
        }
    }

    private IEnumerable<MountSetting> Inherited(string from)
    {
        var (name, modes) = from.Split(':', 2) is [var before, var behind] && behind.Split(',').All(_modes.Contains)
            ? (before, behind.Split(','))
            : (from, []);
        var isReadOnly = modes.Contains("ro");
        return (containers.Resolve(name).Settings.Mounts ?? [])
            .Where(mount => mount.Asked.Type is ContainerMountType.Volume or ContainerMountType.Bind)
            .Select(mount => isReadOnly ? mount with { Asked = mount.Asked with { ReadOnly = true } } : mount);
    }
}
