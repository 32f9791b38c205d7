using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;
using static PsContainers.Plugins.Conformance.Expectation;

namespace PsContainers.Plugins.Conformance;

/// <summary>Tries a volume driver: what it refuses, that its files stay and are everybody's, and that it gives all of it back.</summary>
/// <param name="folders">Those that the driver may write to.</param>
internal sealed class VolumeConformance(PluginManifest manifest, VolumePlugin driver, IReadOnlyList<string> folders, CheckList list)
{
    private const string ByMounts = "mountVolume shows a directory that can be written to";
    private const string ByPath = "the directory of createVolume can be written to";

    private static readonly string[] _ofVolumes =
    [
        "createVolume makes a volume", "createVolume can be repeated", ByPath, "removeVolume takes the files away",
        "removeVolume can be repeated", "removeVolume of what was never made", "removeVolume without the creation's result",
        "nothing is left of the volumes",
    ];

    private static readonly string[] _ofMounts =
    [
        ByMounts, "mountVolume can be repeated", "mountVolume shows two users the same files",
        "unmountVolume of one user leaves the other's files", "unmountVolume takes the mount away", "unmountVolume can be repeated",
        "files stay between two users", "unmountVolume of what was never mounted", "unmountVolume without the mount's result",
    ];

    private readonly VolumeTraces _mounts = new();

    public void Run()
    {
        VolumeDefinition? volume = null;
        var wanted = TestVolume.Wanted(manifest);
        list.Try("defineVolume fills in a volume", () =>
        {
            volume = driver.Define(wanted);
            return string.Join(' ', volume.Options.Select(option => $"{option.Key}={option.Value}"));
        });
        TryRefusal(wanted);
        if (volume is null || Create(volume) is not { } made)
        {
            Skip(_ofVolumes.Skip(volume is null ? 0 : 1).Concat(_ofMounts), "no volume to try it with");
            return;
        }

        TryFiles(made);
        TryRemoval(made);

        // After one volume has come and gone, so that what a driver needs once and for all is there.
        var before = new VolumeTraces(folders);
        TryOddRemovals();
        list.Try(_ofVolumes[7], () => Nothing(before.Additions(), "left behind"));
    }

    private void TryRefusal(VolumeDefinition wanted)
    {
        const string refusal = "defineVolume refuses an option that it doesn't know";
        if (manifest.Transport == PluginTransport.DockerVolume)
        {
            list.Skip(refusal, "Docker's plugins are told of options when they are to create a volume, not before");
        }
        else
        {
            list.Try(refusal, () => Refused(() => driver.Define(
                wanted with { Options = new Dictionary<string, string>(wanted.Options) { ["psc-no-such-option"] = "1" } })));
        }

        list.Try("defineVolume changes nothing", () => Nothing(_mounts.Additions(), "mounted"));
    }

    private VolumeRecord? Create(VolumeDefinition volume)
    {
        VolumeResult? result = null;
        list.Try(_ofVolumes[0], () =>
        {
            result = driver.Create(volume, CancellationToken.None);
            return result.Path ?? "to be mounted";
        });
        if (result is null)
        {
            return null;
        }

        list.Try(_ofVolumes[1], () => driver.Create(volume, CancellationToken.None).Path == result.Path
            ? null
            : throw new CheckFailure("it has another path now"));
        return new VolumeRecord { Volume = volume, Result = result };
    }

    private void TryFiles(VolumeRecord made)
    {
        if (made.Result!.Path is { } path)
        {
            list.Try(ByPath, () => TestFile.Write(path, "first"));
            Skip(_ofMounts, "its files lie open at any time");
        }
        else
        {
            list.Skip(ByPath, "it has to be mounted");
            new MountConformance(driver, _ofMounts, _mounts, list).Run(made);
        }
    }

    private void TryRemoval(VolumeRecord made)
    {
        list.Try(_ofVolumes[3], () =>
        {
            driver.Remove(made, CancellationToken.None);
            var remains = folders.Append(made.Result!.Path ?? "").Where(Directory.Exists).SelectMany(TestFile.Find);
            return Nothing([.. remains, .. _mounts.Additions()], "left behind");
        });
        list.Try(_ofVolumes[4], () =>
        {
            driver.Remove(made, CancellationToken.None);
            return null;
        });
    }

    private void TryOddRemovals()
    {
        list.Try(_ofVolumes[5], () =>
        {
            driver.Remove(new VolumeRecord { Volume = driver.Define(TestVolume.Wanted(manifest)) }, CancellationToken.None);
            return null;
        });
        list.Try(_ofVolumes[6], () =>
        {
            var volume = driver.Define(TestVolume.Wanted(manifest));
            var path = driver.Create(volume, CancellationToken.None).Path;
            driver.Remove(new VolumeRecord { Volume = volume }, CancellationToken.None);
            return Directory.Exists(path) ? throw new CheckFailure($"left behind: {path}") : null;
        });
    }

    private void Skip(IEnumerable<string> names, string why)
    {
        foreach (var name in names)
        {
            list.Skip(name, why);
        }
    }
}
