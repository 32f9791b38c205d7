using System.Diagnostics;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>The launcher is killed at thirty moments of a command; a deletion by force then removes all of the container.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class KilledCommandTests(TestHost host) : KernelTest(host)
{
    private const int Moments = 30;
    private const string Id = "killed";

    // Nobody else's command.
    private const string Mark = "98765";

    [Theory]
    [InlineData("create", 15)]
    [InlineData("create", 45)]
    [InlineData("start", 15)]
    [InlineData("start", 45)]
    [InlineData("run", 15)]
    [InlineData("run", 45)]
    public void Killed_command_leaves_nothing_that_a_deletion_by_force_does_not_remove(string command, int milliseconds)
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["sleep", Mark]);
        var mounts = Mounts();
        var groups = Groups();
        for (var i = 0; i < Moments; i++)
        {
            if (command == "start")
            {
                runtime.Do("create", "--bundle", runtime.Bundle, Id).Text();
            }

            var delay = TimeSpan.FromMilliseconds(milliseconds * (i + 1.0) / Moments);
            Kill(runtime, delay, command == "start" ? [command, Id] : [command, "--bundle", runtime.Bundle, Id]);
            runtime.Do("delete", "--force", Id).Text();

            var after = $"after {delay.TotalMilliseconds} ms";
            Assert.True(Directory.GetFileSystemEntries(runtime.Root).Length == 0, $"{after} there is a file");
            WaitUntil(() => !Processes(runtime).Any(), $"{after} there is a process");
            Assert.Equal(mounts, Mounts());
            Assert.Equal(groups, Groups());
        }

        runtime.Configure(["echo", "again"]);
        Assert.Equal("again", runtime.Do("run", "--bundle", runtime.Bundle, Id).Text());
    }

    private static void Kill(OciRuntime runtime, TimeSpan delay, string[] words)
    {
        Directory.CreateDirectory(runtime.Root);
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec \"$@\" < /dev/null > /dev/null 2>&1", "sh", runtime.Launcher, "--root", runtime.Root, .. words]);
        using var process = Process.Start(start)!;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < delay)
        {
            Thread.SpinWait(100);
        }

        process.Kill();
        process.WaitForExit();
    }

    private static List<string> Mounts() => [.. MountInfo.OfSelf().Select(mount => mount.MountPoint).Order()];

    private static List<string> Groups() =>
    [
        .. MountInfo.OfSelf()
            .Where(mount => mount.FileSystem is "cgroup" or "cgroup2")
            .SelectMany(mount => new[] { "psc-runtime", Id }.Select(name => Path.Join(mount.MountPoint, name)))
            .Where(Directory.Exists)
            .SelectMany(path => Directory.EnumerateDirectories(path).Prepend(path))
            .Where(path => Path.GetFileName(path) == Id)
            .Order(),
    ];

    private static IEnumerable<string> Processes(OciRuntime runtime) =>
        Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])).Where(path =>
        {
            try
            {
                var line = File.ReadAllText($"{path}/cmdline");
                return line == $"sleep\0{Mark}\0" || line.StartsWith(runtime.Launcher, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
