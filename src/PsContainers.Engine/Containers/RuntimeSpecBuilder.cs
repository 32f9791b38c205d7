using System.Globalization;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>Turns a container's settings into the OCI runtime specification that it is launched by.</summary>
internal static class RuntimeSpecBuilder
{
    /// <param name="root">Where the root file system is mounted, for whoever reads the specification later.</param>
    public static RuntimeSpec Build(string id, ContainerSettings settings, string root, string runDirectory)
    {
        var standard = DefaultRuntimeSpec.Create();
        var linux = standard.Linux!;
        var limits = SettingsResolution.LimitsOf(settings.Memory, settings.Cpus, settings.PidsLimit).ToLinuxResources();
        var hostname = settings.HostnameOf(id);
        return standard with
        {
            Root = new RootSpec { Path = root, Readonly = settings.ReadOnly },
            Hostname = hostname,
            Process = standard.Process! with
            {
                Args = settings.Arguments,
                Env = Environment(settings, hostname),
                Cwd = settings.WorkingDirectory,
                User = User(settings.User),
            },
            Mounts = [.. standard.Mounts ?? [], .. NetworkFiles.Mounts(runDirectory)],
            Annotations = settings.Labels.Count > 0 ? settings.Labels : null,
            Linux = linux with
            {
                CgroupsPath = AbandonedRun.CgroupPath(id),
                Namespaces = settings.Network == NetworkMode.Host
                    ? [.. linux.Namespaces!.Where(n => n.Type != LinuxNamespaceType.Network)]
                    : linux.Namespaces,
                Resources = linux.Resources! with
                {
                    Memory = limits.Memory ?? linux.Resources.Memory,
                    Cpu = limits.Cpu ?? linux.Resources.Cpu,
                    Pids = limits.Pids ?? linux.Resources.Pids,
                },
            },
        };
    }

    // The name is known at the start only: it may derive from the id, or be the host's.
    private static List<string> Environment(ContainerSettings settings, string hostname)
    {
        var isSet = settings.Environment.Any(variable => variable.StartsWith("HOSTNAME=", StringComparison.Ordinal));
        return isSet ? [.. settings.Environment] : [.. settings.Environment, $"HOSTNAME={hostname}"];
    }

    // Names are looked up inside the container by the launcher; numbers can be said here already.
    private static UserSpec User(string user)
    {
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? user : user[..colon];
        var group = colon < 0 ? "" : user[(colon + 1)..];
        return new UserSpec { Uid = Number(name), Gid = Number(group) };
    }

    private static uint Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
