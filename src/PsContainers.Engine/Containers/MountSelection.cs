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
    private const string ReadOnlySuffix = ":ro";
    private const string WritableSuffix = ":rw";

    /// <summary>The row with its mounts, in the order of mounting. Nothing is made yet.</summary>
    /// <exception cref="ContainerEngineException">
    /// InvalidMount, MountSourceNotFound, ImageNotFound, ContainerNotFound, and those of <see cref="VolumeLookup.Define"/>
    /// </exception>
    public ContainerDraft Apply(ContainerRow row, ContainerCreation creation, ContainerConfig image)
    {
        var made = new Dictionary<string, VolumeRow>(StringComparer.Ordinal);
        var own = (creation.Mounts ?? []).Select(MountRules.Check).ToList();
        RefuseTwice(own);
        List<MountSetting> settings = [.. own.Select(mount => Resolve(mount, made))];
        foreach (var inherited in (creation.VolumesFrom ?? []).SelectMany(Inherited).Where(IsNew))
        {
            settings.Add(inherited);
        }

        // Only where nothing else is: what a user mounts there is what he wants there.
        var declared = (image.Volumes ?? []).Select(target => MountRules.Check(new ContainerMount { Target = target })).Where(
            mount => settings.TrueForAll(setting => setting.Asked.Target != mount.Target));
        settings.AddRange(declared.DistinctBy(mount => mount.Target).Select(mount => Resolve(mount, made)).ToList());

        // What lies in another one's target comes after it.
        IReadOnlyList<MountSetting>? mounts =
            settings.Count == 0 ? null : [.. settings.OrderBy(setting => setting.Asked.Target.Count('/'))];
        return new ContainerDraft(row with { Settings = row.Settings with { Mounts = mounts } }, [.. made.Values]);

        bool IsNew(MountSetting inherited) => settings.TrueForAll(setting => setting.Asked.Target != inherited.Asked.Target);
    }

    private static void RefuseTwice(List<ContainerMount> mounts)
    {
        if (mounts.GroupBy(mount => mount.Target).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw VolumeErrors.InvalidMount(twice.Last(), $"there is another one at '{twice.Key}'");
        }
    }

    private MountSetting Resolve(ContainerMount mount, Dictionary<string, VolumeRow> made) => mount.Type switch
    {
        ContainerMountType.Volume => new MountSetting(mount, Volume: Volume(mount, made).Id),
        ContainerMountType.Image => new MountSetting(mount, Image: images.Resolve(mount.Source!).Id),
        _ => new MountSetting(mount),
    };

    private VolumeRow Volume(ContainerMount mount, Dictionary<string, VolumeRow> made)
    {
        if (mount.Source is { } name && (made.GetValueOrDefault(name) ?? Find(name)) is { } known)
        {
            RefuseOther(mount, known);
            return known;
        }

        var creation = new VolumeCreation
        {
            Name = mount.Source,
            Driver = mount.VolumeDriver,
            Options = mount.VolumeOption,
            Labels = mount.VolumeLabel,
        };
        var row = volumeLookup.Define(creation, isAnonymous: mount.Source is null);
        made.Add(row.Name, row);
        return row;
    }

    // One that somebody is removing, or was killed at it, is as good as gone: it goes first, and makes room for another one.
    private VolumeRow? Find(string name)
    {
        release.FinishRemovalOf(name, CancellationToken.None);
        return volumes.FindByName(name);
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
        var isReadOnly = from.EndsWith(ReadOnlySuffix, StringComparison.Ordinal);
        var name = isReadOnly || from.EndsWith(WritableSuffix, StringComparison.Ordinal) ? from[..^ReadOnlySuffix.Length] : from;
        return (containers.Resolve(name).Settings.Mounts ?? [])
            .Where(mount => mount.Asked.Type is ContainerMountType.Volume or ContainerMountType.Bind)
            .Select(mount => isReadOnly ? mount with { Asked = mount.Asked with { ReadOnly = true } } : mount);
    }
}
