using System.Globalization;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Engine.Containers;

/// <summary>Turns a container's settings into the OCI runtime specification that it is launched by.</summary>
internal static class RuntimeSpecBuilder
{
    /// <summary>In the container's own <c>/dev</c>, where it can be put whether the root is read-only or not.</summary>
    public const string InitPath = "/dev/psc-init";

    public static RuntimeSpec Build(SpecSurroundings surroundings, ContainerSettings settings)
    {
        var standard = DefaultRuntimeSpec.Create();
        var linux = standard.Linux!;
        var hostname = settings.HostnameOf(surroundings.Id);
        var security = SecurityOptions.Parse(settings.SecurityOptions);
        var capabilities = CapabilityChoice.Of(settings);
        var names = CapabilitySet.Names(capabilities);
        return standard with
        {
            Root = new RootSpec { Path = surroundings.Root, Readonly = settings.ReadOnly },
            Hostname = hostname,
            Process = standard.Process! with
            {
                Args = settings.Init ? [InitPath, "init", "--", .. settings.Arguments] : settings.Arguments,
                Env = Environment(settings, hostname),
                Cwd = settings.WorkingDirectory,
                User = User(settings.User),
                Terminal = settings.Tty,
                Capabilities = new LinuxCapabilities { Bounding = names, Effective = names, Permitted = names },
                NoNewPrivileges = security.NoNewPrivileges ?? !settings.Privileged,
                ApparmorProfile = security.Apparmor,
                SelinuxLabel = security.SelinuxLabel,
                OomScoreAdj = settings.OomScoreAdj,
                Rlimits = settings.Ulimits is null ? null : [.. UlimitRequest.Resolve(settings.Ulimits)],
            },
            Mounts = MountList.Of(standard.Mounts ?? [], surroundings, settings),
            Annotations = settings.Labels.Count > 0 ? settings.Labels : null,
            Linux = IsolationSpec.Apply(linux, surroundings, settings, security, capabilities) with
            {
                CgroupsPath = AbandonedRun.CgroupPath(surroundings.Id),
                Resources = Resources(linux.Resources!, settings),

                // Or the launcher cuts even a mount that is to be shared off from the host.
                RootfsPropagation = settings.Mounts?.Any(mount => MountRules.IsShared(mount.Asked)) == true ? "shared" : null,
            },
        };
    }

    private static LinuxResources Resources(LinuxResources standard, ContainerSettings settings)
    {
        var limits = LimitSettings.Of(settings).ToLinuxResources();
        return standard with
        {
            Devices = IsolationSpec.DeviceRules(standard.Devices ?? [], settings),
            Memory = limits.Memory ?? standard.Memory,
            Cpu = limits.Cpu ?? standard.Cpu,
            Pids = limits.Pids ?? standard.Pids,
        };
    }

    // The name is known at the start only: it may derive from the id, or be the host's.
    private static List<string> Environment(ContainerSettings settings, string hostname)
    {
        List<string> environment = [.. settings.Environment];
        Add("HOSTNAME", hostname);
        if (settings.Tty)
        {
            Add("TERM", "xterm");
        }

        return environment;

        void Add(string name, string value)
        {
            if (!environment.Exists(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal)))
            {
                environment.Add($"{name}={value}");
            }
        }
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
