using System.Globalization;
using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`spec`: writes a config.json to start from, for a shell on a terminal in the bundle's `rootfs`.</summary>
internal static class SpecCommand
{
    internal static int Run(GlobalOptions global)
    {
        var words = CommandWords.Parse(global.Rest, new OptionSyntax().Value("--bundle", "-b").Flag("--rootless"));
        words.RefuseMoreThan(0);
        var spec = Shell(DefaultRuntimeSpec.Create());
        var path = Path.Join(words.Value("--bundle") ?? ".", "config.json");
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            JsonSerializer.Serialize(file, words.Has("--rootless") ? Rootless(spec) : spec, RuntimeJson.Default.RuntimeSpec);
            return 0;
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new CommandLineException($"file {path} exists; remove it first");
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandLineException($"there is no directory {words.Value("--bundle")}");
        }
    }

    private static RuntimeSpec Shell(RuntimeSpec spec) => spec with
    {
        Hostname = "psc-runtime",
        Process = spec.Process! with { Args = ["sh"], Terminal = true, Env = [.. spec.Process.Env ?? [], "TERM=xterm"] },
    };

    // For a user without privileges: mapped to root, on the host's network, and with no limits, since their groups are not the user's.
    private static RuntimeSpec Rootless(RuntimeSpec spec)
    {
        return spec with
        {
            Mounts = [.. spec.Mounts!.Select(WithoutPrivileges)],
            Linux = spec.Linux! with
            {
                Resources = null,
                UidMappings = [new LinuxIdMapping(ContainerId: 0, HostId: Own("Uid:"), Size: 1)],
                GidMappings = [new LinuxIdMapping(ContainerId: 0, HostId: Own("Gid:"), Size: 1)],
                Namespaces =
                [
                    .. spec.Linux.Namespaces!.Where(n => n.Type != LinuxNamespaceType.Network),
                    new LinuxNamespace(LinuxNamespaceType.User),
                ],
            },
        };
    }

    // proc_pid_status(5): real, effective, saved and file system id.
    private static uint Own(string field) => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split('\t')[2],
        CultureInfo.InvariantCulture);

    // Without a network namespace of its own the container may not mount sysfs, and group 5 (tty) is not mapped.
    private static Mount WithoutPrivileges(Mount mount) => mount.Type switch
    {
        "sysfs" => mount with { Type = "none", Source = "/sys", Options = ["rbind", "nosuid", "noexec", "nodev", "ro"] },
        "devpts" => mount with { Options = [.. mount.Options!.Where(o => !o.StartsWith("gid=", StringComparison.Ordinal))] },
        _ => mount,
    };
}
