using System.Diagnostics;
using PsContainers.Contracts;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.LocalVolume.Tests.Harness;

/// <summary>The local driver on a host for one test, with the volume `data`.</summary>
internal sealed class LocalHost : IDisposable
{
    internal static string User { get; } = new('1', 64);

    internal VolumeSandbox Sandbox { get; } = new();

    internal LocalVolumeDriver Driver => new(Sandbox.Environment);

    /// <summary>Where the driver keeps places of volumes.</summary>
    internal string Places => Path.Combine(Sandbox.Environment.StateDirectory, "volumes");

    /// <param name="options">As in `uid=1000`, with a blank between two.</param>
    internal static VolumeDefinition Wanted(string options) => VolumeSandbox.Volume(options
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(option => option.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]));

    internal VolumeRecord Create(string options)
    {
        var volume = Driver.Define(Wanted(options));
        return new() { Volume = volume, Result = Driver.Create(volume, default) };
    }

    internal string Mount(VolumeRecord record, string? user = null) =>
        Driver.Mount(new() { Record = record, UserId = user ?? User }, default).Path;

    internal void Unmount(VolumeRecord record, string? user = null) =>
        Driver.Unmount(new() { Use = new() { Record = record, UserId = user ?? User } }, default);

    internal void Remove(VolumeRecord record) => Driver.Remove(record, default);

    internal static DriverException Refusal(string options)
    {
        using var host = new LocalHost();
        return Assert.Throws<DriverException>(() => host.Driver.Define(Wanted(options)));
    }

    internal static MountInfo MountAt(string path) => MountInfo.OfSelf().Last(mount => mount.MountPoint == path);

    /// <summary>A file with an empty ext4 in it.</summary>
    internal string Image(params string[] arguments)
    {
        const string mkfs = "/usr/sbin/mkfs.ext4";
        Assert.SkipUnless(File.Exists(mkfs), "needs mkfs.ext4 (Debian package e2fsprogs)");
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "needs a kernel with loop devices");
        var image = Path.Combine(Sandbox.Devices, "image");
        using (var file = File.Create(image))
        {
            file.SetLength(64 << 20);
        }

        Do(mkfs, ["-q", .. arguments, image]);
        return image;
    }

    internal static string Do(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }

    public void Dispose() => Sandbox.Dispose();
}
