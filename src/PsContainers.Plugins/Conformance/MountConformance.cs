using PsContainers.Drivers;
using static PsContainers.Plugins.Conformance.Expectation;

namespace PsContainers.Plugins.Conformance;

/// <summary>Tries a volume that has to be mounted, with two users.</summary>
/// <param name="names">Of the checks, in their order.</param>
/// <param name="mounts">Those that were there before.</param>
internal sealed class MountConformance(VolumePlugin driver, string[] names, VolumeTraces mounts, CheckList list)
{
    private readonly CancellationToken _never = CancellationToken.None;

    public void Run(VolumeRecord made)
    {
        var mounter = driver.Mounter!;
        var (one, other) = (TestVolume.Use(made), TestVolume.Use(made));
        VolumeMountResult? first = null;
        if (list.Try(names[0], () =>
        {
            first = mounter.Mount(one, _never);
            return TestFile.Write(first.Path, "first");
        }))
        {
            TryTwoUsers(mounter, one, other, first!);
            TryLater(mounter, other);
            return;
        }

        foreach (var name in names.Skip(1).Where(name => name != names[4]))
        {
            list.Skip(name, "no mount to try it with");
        }

        list.Try(names[4], () =>
        {
            mounter.Unmount(new VolumeUseRecord { Use = one, Result = first }, _never);
            return Nothing(mounts.Additions(), "left behind");
        });
    }

    private void TryTwoUsers(IVolumeMounter mounter, VolumeUse one, VolumeUse other, VolumeMountResult first)
    {
        VolumeMountResult? second = null;
        list.Try(names[1], () => mounter.Mount(one, _never).Path == first.Path
            ? null
            : throw new CheckFailure("the same user has another path now"));
        list.Try(names[2], () =>
        {
            second = mounter.Mount(other, _never);
            TestFile.Expect(second.Path, "first");
            TestFile.Write(second.Path, "second");
            TestFile.Expect(first.Path, "second");
            return null;
        });
        list.Try(names[3], () =>
        {
            mounter.Unmount(new VolumeUseRecord { Use = one, Result = first }, _never);
            TestFile.Expect(second?.Path ?? first.Path, "second");
            return null;
        });
        var last = new VolumeUseRecord { Use = other, Result = second };
        list.Try(names[4], () =>
        {
            mounter.Unmount(last, _never);
            return Nothing(mounts.Additions(), "left behind");
        });
        list.Try(names[5], () =>
        {
            mounter.Unmount(last, _never);
            return null;
        });
    }

    private void TryLater(IVolumeMounter mounter, VolumeUse user)
    {
        var again = TestVolume.Use(user.Record);
        list.Try(names[6], () =>
        {
            var mounted = mounter.Mount(again, _never);
            TestFile.Expect(mounted.Path, "second");
            return null;
        });
        list.Try(names[7], () =>
        {
            mounter.Unmount(new VolumeUseRecord { Use = TestVolume.Use(user.Record) }, _never);
            var seen = mounter.Mount(again, _never);
            TestFile.Expect(seen.Path, "second");
            return null;
        });
        list.Try(names[8], () =>
        {
            mounter.Unmount(new VolumeUseRecord { Use = again }, _never);
            return Nothing(mounts.Additions(), "left behind");
        });
    }
}
