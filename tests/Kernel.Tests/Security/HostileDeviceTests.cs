using PsContainers.Kernel.Tests.Harness;
using PsContainers.Kernel.Tests.Oci;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>
/// Images whose /dev leads elsewhere. CVE-2025-52565: a terminal bound on what a link named; CVE-2025-31133: the same of a mask's source.
/// </summary>
[Trait("Needs", OnlyOnHost)]
public sealed class HostileDeviceTests(TestHost host) : KernelTest(host)
{
    private const string Setting = "/proc/sys/kernel/core_pattern";

    /// <summary>The path in /dev that is hostile, what it is, and where /dev comes from.</summary>
    public static TheoryData<string, string, string> Terminals
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var dev in new[] { "tmpfs", "image", "image without pts", "volume" })
            {
                foreach (var kind in new[] { "file", "host link", "upward link", "setting link", "process link", "node" })
                {
                    foreach (var name in new[] { "ptmx", "console", "pts/ptmx" })
                    {
                        all.Add(name, kind, dev);
                    }
                }

                all.Add("pts", "host link", dev);
                all.Add("pts", "process link", dev);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Terminal_is_a_real_one_or_an_error_whatever_the_image_has_in_its_place(string name, string kind, string dev)
    {
        using var runtime = new OciRuntime(Host);
        var victim = Path.Join(runtime.Bundle, "victim");
        File.WriteAllText(victim, "precious");
        var folder = dev == "volume" ? Directory.CreateDirectory(Path.Join(runtime.Bundle, "volume")).FullName : runtime.Rootfs + "/dev";
        Plant(Path.Join(folder, name), kind, victim);
        runtime.Configure(
            [
                "sh", "-c",
                $"echo tty $(tty) $(stat -c %t /dev/pts/0) $(stat -L -c %t /dev/console); echo setting $(stat -c %t {Setting});"
                + $"attack writes {Setting}; echo evil > /dev/console; echo the end",
            ],
            spec => spec with
            {
                Process = spec.Process! with { Terminal = true },
                Mounts =
                [
                    .. dev == "volume" ? [new Mount("/dev", "bind", folder, ["rbind"])] : Array.Empty<Mount>(),
                    .. spec.Mounts!.Where(mount => dev switch
                    {
                        "tmpfs" => true,
                        "image without pts" => mount.Destination is not ("/dev" or "/dev/pts"),
                        _ => mount.Destination != "/dev",
                    }),
                ],
            });
        var before = Outside(runtime);

        using var command = new TerminalCommand(runtime.Launcher, "--root", runtime.Root, "run", "--bundle", runtime.Bundle, "terminal");
        var code = command.Finish();
        WaitUntil(() => IsWhole(command.Terminal.Text), $"the terminal shows {command.Terminal.Text}");

        var text = command.Terminal.Text;
        if (code == 0)
        {
            Assert.Matches(@"tty \S+/0 88 88\s", text);
            Assert.Contains("tried", text, StringComparison.Ordinal);
            Assert.DoesNotContain("writable", text, StringComparison.Ordinal);
            Assert.DoesNotContain("setting 88", text, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith("psc-runtime: ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Equal(before, Outside(runtime));
        if (dev == "volume" && kind == "file")
        {
            Assert.Equal("planted", File.ReadAllText(Path.Join(folder, name)));
        }
    }

    [Theory]
    [InlineData("file")]
    [InlineData("host link")]
    [InlineData("setting link")]
    [InlineData("process link")]
    [InlineData("node")]
    public void Terminal_of_an_executed_command_is_not_taken_from_what_the_container_put_in_its_place(string kind)
    {
        using var runtime = new OciRuntime(Host);
        var victim = Path.Join(runtime.Bundle, "victim");
        File.WriteAllText(victim, "precious");
        runtime.Configure(["sleep", "100"], spec => spec with
        {
            Mounts = [.. spec.Mounts!.Where(mount => mount.Destination is not ("/dev" or "/dev/pts"))],
        });
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "terminal").Text();
        Plant(runtime.Rootfs + "/dev/pts/ptmx", kind, victim);

        using var command = new TerminalCommand(runtime.Launcher, "--root", runtime.Root, "exec", "--tty", "terminal", "echo", "evil");

        Assert.NotEqual(0, command.Finish());
        WaitUntil(() => IsWhole(command.Terminal.Text), $"the terminal shows {command.Terminal.Text}");
        Assert.Contains("psc-runtime: opening a terminal in /dev/pts: ", command.Terminal.Text, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Theory]
    [InlineData("setting link")]
    [InlineData("process link")]
    [InlineData("host link")]
    [InlineData("file")]
    public void Mask_is_a_real_one_or_an_error_whatever_the_image_has_in_place_of_the_null_device(string kind)
    {
        using var runtime = new OciRuntime(Host);
        var victim = Path.Join(runtime.Bundle, "victim");
        File.WriteAllText(victim, "precious");
        Plant(runtime.Rootfs + "/dev/null", kind, victim);
        runtime.Configure(
            ["sh", "-c", "stat -c %t:%T /proc/interrupts"],
            spec => spec with
            {
                Mounts = [.. spec.Mounts!.Where(mount => mount.Destination != "/dev")],
                Linux = spec.Linux! with { MaskedPaths = ["/proc/interrupts"] },
            });

        var result = runtime.Do("run", "--bundle", runtime.Bundle, "mask");

        if (result.ExitCode == 0)
        {
            Assert.Equal("1:3", result.Text());
        }
        else
        {
            Assert.StartsWith("psc-runtime: ", Assert.Single(result.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(victim));
    }

    private static bool IsWhole(string text) =>
        text.Contains("the end", StringComparison.Ordinal)
        || (text.StartsWith("psc-runtime: ", StringComparison.Ordinal) && text.EndsWith('\n'));

    private static void Plant(string path, string kind, string victim)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (kind)
        {
            case "file":
                File.WriteAllText(path, "planted");
                break;
            case "node":
                HostCommand.Run("/bin/mknod", "-m", "666", path, "c", "5", "2").Text();
                break;
            default:
                File.CreateSymbolicLink(path, kind switch
                {
                    "host link" => victim,
                    "upward link" => "../../../../../../../../../../.." + victim,
                    "setting link" => Setting,
                    _ => "/proc/1/root" + victim,
                });
                break;
        }
    }

    // What lies beside the root file system. Mount points may be made in a volume, and the launcher has files of its own.
    private static List<string> Outside(OciRuntime runtime) =>
    [
        .. Directory.GetFileSystemEntries(runtime.Bundle)
            .Where(path => path != runtime.Root && Path.GetFileName(path) != "volume")
            .Select(path => $"{path} {new FileInfo(path).LastWriteTimeUtc:O}")
            .Order(),
    ];
}
