using PsContainers.Contracts;
using PsContainers.Drivers;
using PsContainers.TmpfsVolume;

namespace PsContainers.LocalVolume.Tests;

public sealed class FolderContractTests : VolumeDriverContract
{
    protected override IVolumeDriver NewDriver(DriverEnvironment environment) => new LocalVolumeDriver(environment);

    protected override IReadOnlyDictionary<string, string> OptionsFor(string folder) => new Dictionary<string, string>
    {
        ["uid"] = "1000",
        ["mode"] = "0750",
    };
}

public sealed class MemoryOfLocalContractTests : VolumeDriverContract
{
    protected override IVolumeDriver NewDriver(DriverEnvironment environment) => new LocalVolumeDriver(environment);

    protected override IReadOnlyDictionary<string, string> OptionsFor(string folder) => new Dictionary<string, string>
    {
        ["type"] = "tmpfs",
        ["device"] = "tmpfs",
        ["o"] = "size=1m,nosuid",
    };
}

public sealed class BindContractTests : VolumeDriverContract
{
    protected override IVolumeDriver NewDriver(DriverEnvironment environment) => new LocalVolumeDriver(environment);

    protected override IReadOnlyDictionary<string, string> OptionsFor(string folder) => new Dictionary<string, string>
    {
        ["type"] = "none",
        ["device"] = folder,
        ["o"] = "bind,nodev",
    };

    protected override bool IsOfItsOwn => false;
}

public sealed class TmpfsContractTests : VolumeDriverContract
{
    protected override IVolumeDriver NewDriver(DriverEnvironment environment) => new TmpfsVolumeDriver(environment);

    protected override IReadOnlyDictionary<string, string> OptionsFor(string folder) => new Dictionary<string, string>
    {
        ["size"] = "1m",
    };
}
