using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Plugins;

namespace PsContainers.Engine.Volumes;

/// <summary>The volume drivers, with their failures as the engine reports them. Nothing is loaded before it is needed.</summary>
internal sealed class VolumeDrivers(Lazy<PluginHost> plugins)
{
    /// <summary>The name of the driver of volumes that name none.</summary>
    public string Default => Guard("volumes", () => plugins.Value.DefaultVolumeDriver);

    /// <exception cref="ContainerEngineException">VolumeDriverNotFound, VolumeInvalid, VolumeDriverFailed</exception>
    public VolumeDefinition Define(VolumeDefinition wanted) =>
        Call(wanted.Driver, wanted.Name, "be made", driver => driver.Define(wanted));

    public VolumeResult Create(VolumeRow row, CancellationToken cancellation) =>
        Call(row.Definition.Driver, row.Name, "be made", driver => driver.Create(row.Definition, cancellation));

    public void Remove(VolumeRow row, CancellationToken cancellation) => Call(row.Definition.Driver, row.Name, "be removed", driver =>
    {
        driver.Remove(row.Record, cancellation);
        return true;
    });

    /// <param name="user">In words: <c>the container 'web'</c>.</param>
    public VolumeMountResult Mount(VolumeRow row, string userId, string user, CancellationToken cancellation) => Call(
        row.Definition.Driver,
        row.Name,
        $"be mounted for {user}",
        driver => MounterOf(driver).Mount(new VolumeUse { Record = row.Record, UserId = userId }, cancellation));

    public void Unmount(VolumeRow row, VolumeUseRow use, CancellationToken cancellation) => Call(
        row.Definition.Driver,
        row.Name,
        "be unmounted",
        driver =>
        {
            var asked = new VolumeUse { Record = row.Record, UserId = use.User };
            MounterOf(driver).Unmount(new VolumeUseRecord { Use = asked, Result = use.Result }, cancellation);
            return true;
        });

    private static IVolumeMounter MounterOf(VolumePlugin driver) => driver.Mounter
        ?? throw new DriverException($"the driver '{driver.Name}' mounts nothing", DriverErrorKind.Unsupported);

    private T Call<T>(string name, string volume, string act, Func<VolumePlugin, T> call)
    {
        var driver = Guard(name, () => plugins.Value.VolumeDriver(name));
        try
        {
            return call(driver);
        }
        catch (DriverException e)
        {
            throw VolumeErrors.DriverFailed(volume, act, e);
        }
    }

    private static T Guard<T>(string what, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (DriverException e)
        {
            throw VolumeErrors.DriverNotFound(what, e);
        }
    }
}
