using PsContainers.Drivers;

namespace PsContainers.Plugins.Contract;

/// <summary>The calls of a volume driver.</summary>
internal static class VolumeMethods
{
    private static readonly Done _done = new();

    public static DriverMethod<DefineVolumeQuestion, VolumeDefinition> Define { get; } =
        new DriverMethod<IVolumeDriver, DefineVolumeQuestion, VolumeDefinition>(
            "defineVolume",
            () => MessageJson.Default.DefineVolumeQuestion, () => DriverJson.Default.VolumeDefinition, timeouts => timeouts.DefineVolume,
            (driver, question, _) => driver.Define(question.Wanted));

    public static DriverMethod<CreateVolumeQuestion, VolumeResult> Create { get; } =
        new DriverMethod<IVolumeDriver, CreateVolumeQuestion, VolumeResult>(
            "createVolume",
            () => MessageJson.Default.CreateVolumeQuestion, () => DriverJson.Default.VolumeResult, timeouts => timeouts.CreateVolume,
            (driver, question, cancellation) => driver.Create(question.Volume, cancellation));

    public static DriverMethod<RemoveVolumeQuestion, Done> Remove { get; } = new DriverMethod<IVolumeDriver, RemoveVolumeQuestion, Done>(
        "removeVolume",
        () => MessageJson.Default.RemoveVolumeQuestion, () => MessageJson.Default.Done, timeouts => timeouts.RemoveVolume,
        (driver, question, cancellation) =>
        {
            driver.Remove(question.Record, cancellation);
            return _done;
        });

    public static DriverMethod<MountVolumeQuestion, VolumeMountResult> Mount { get; } =
        new DriverMethod<IVolumeMounter, MountVolumeQuestion, VolumeMountResult>(
            "mountVolume",
            () => MessageJson.Default.MountVolumeQuestion, () => DriverJson.Default.VolumeMountResult, timeouts => timeouts.MountVolume,
            (driver, question, cancellation) => driver.Mount(question.Use, cancellation));

    public static DriverMethod<UnmountVolumeQuestion, Done> Unmount { get; } =
        new DriverMethod<IVolumeMounter, UnmountVolumeQuestion, Done>(
            "unmountVolume",
            () => MessageJson.Default.UnmountVolumeQuestion, () => MessageJson.Default.Done, timeouts => timeouts.UnmountVolume,
            (driver, question, cancellation) =>
            {
                driver.Unmount(question.Record, cancellation);
                return _done;
            });
}
