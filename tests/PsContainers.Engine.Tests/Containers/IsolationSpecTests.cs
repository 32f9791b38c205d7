using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Engine.Tests.Containers;

public sealed class IsolationSpecTests
{
    private static readonly ContainerSettings _settings = Sample.Settings();

    [Fact]
    public void Capabilities_are_in_three_sets_and_the_filter_knows_them()
    {
        var spec = SampleSpec.Of(_settings with { CapAdd = ["CAP_SYS_PTRACE"], CapDrop = ["ALL"] });

        var capabilities = spec.Process!.Capabilities!;
        Assert.Equal(["CAP_SYS_PTRACE"], capabilities.Bounding);
        Assert.Equal(["CAP_SYS_PTRACE"], capabilities.Effective);
        Assert.Equal(["CAP_SYS_PTRACE"], capabilities.Permitted);
        Assert.Equal((null, null), (capabilities.Inheritable, capabilities.Ambient));
        Assert.Equivalent(DefaultSeccomp.Profile(CapabilitySet.Parse(["SYS_PTRACE"])), spec.Linux!.Seccomp, strict: true);
    }

    [Fact]
    public void Privileged_takes_every_wall_but_the_namespaces_away()
    {
        var spec = SampleSpec.Of(_settings with { Privileged = true });

        Assert.Equal(CapabilitySet.Names(CapabilitySet.OfSelf), spec.Process!.Capabilities!.Effective);
        Assert.False(spec.Process.NoNewPrivileges);
        Assert.Equal((null, null, null), (spec.Linux!.Seccomp, spec.Linux.MaskedPaths, spec.Linux.ReadonlyPaths));
        Assert.Equivalent(new[] { new LinuxDeviceCgroup { Allow = true, Access = "rwm" } }, spec.Linux.Resources!.Devices, strict: true);
        Assert.Contains(spec.Linux.Devices!, device => device is { Path: "/dev/null", Major: 1, Minor: 3 });
        Assert.DoesNotContain(spec.Linux.Devices!, device => device.Path is "/dev/ptmx" or "/dev/console" or "/dev/pts/ptmx");
        Assert.All(
            spec.Mounts!.Where(mount => mount.Destination.StartsWith("/sys", StringComparison.Ordinal)),
            mount => Assert.DoesNotContain("ro", mount.Options!));
        Assert.Equal(6, spec.Linux.Namespaces!.Count);
    }

    [Fact]
    public void Security_options_change_one_wall_each()
    {
        var spec = SampleSpec.Of(_settings with { SecurityOptions = ["no-new-privileges=false", "systempaths=unconfined"] });

        Assert.False(spec.Process!.NoNewPrivileges);
        Assert.Equal((null, null), (spec.Linux!.MaskedPaths, spec.Linux.ReadonlyPaths));
        Assert.NotNull(spec.Linux.Seccomp);
        Assert.Null(SampleSpec.Of(_settings with { SecurityOptions = ["seccomp=unconfined"] }).Linux!.Seccomp);
        Assert.True(SampleSpec.Of(_settings with { SecurityOptions = ["no-new-privileges"], Privileged = true }).Process!.NoNewPrivileges);
    }

    [Fact]
    public void A_profile_that_was_read_takes_the_place_of_the_engines()
    {
        var profile = new LinuxSeccomp { DefaultAction = SeccompAction.Allow };

        Assert.Same(profile, SampleSpec.Of(_settings with { Seccomp = profile, Privileged = true }).Linux!.Seccomp);
    }

    [Fact]
    public void A_device_has_a_node_and_a_rule()
    {
        var linux = SampleSpec.Of(_settings with { Devices = ["/dev/zero:/dev/nought:r"] }).Linux!;

        Assert.Equal(("/dev/nought", 1, 5), (linux.Devices![0].Path, linux.Devices[0].Major, linux.Devices[0].Minor));
        Assert.Equivalent(
            new LinuxDeviceCgroup { Allow = true, Type = "c", Major = 1, Minor = 5, Access = "r" },
            linux.Resources!.Devices![^1],
            strict: true);
    }

    [Fact]
    public void Namespaces_of_the_host_are_left_out()
    {
        var spec = SampleSpec.Of(_settings with { PidNamespace = "Host", IpcNamespace = "Host" });

        var types = spec.Linux!.Namespaces!.Select(n => n.Type).ToList();
        Assert.DoesNotContain(LinuxNamespaceType.Pid, types);
        Assert.DoesNotContain(LinuxNamespaceType.Ipc, types);
        Assert.Equal(("bind", "/dev/shm"), Of(spec, "/dev/shm"));
    }

    [Fact]
    public void Namespaces_of_another_container_are_joined_by_path()
    {
        var settings = _settings with { PidNamespace = "Container:abc", IpcNamespace = "Container:def" };
        var namespaces = SampleSpec.Of(settings).Linux!.Namespaces!;

        Assert.Contains(new LinuxNamespace(LinuxNamespaceType.Pid, "/proc/42/ns/Pid/abc"), namespaces);
        Assert.Contains(new LinuxNamespace(LinuxNamespaceType.Ipc, "/proc/42/ns/Ipc/def"), namespaces);
    }

    [Fact]
    public void A_user_namespace_comes_first_and_maps_what_was_set_aside()
    {
        var linux = SampleSpec.Of(_settings with { UserNamespace = "Private", FirstHostId = 200000 }).Linux!;

        Assert.Equal(LinuxNamespaceType.User, linux.Namespaces![0].Type);
        Assert.Equal([new LinuxIdMapping(0, 200000, 65536)], linux.UidMappings);
        Assert.Equal(linux.UidMappings, linux.GidMappings);
    }

    [Fact]
    public void What_the_process_gets_is_written()
    {
        var spec = SampleSpec.Of(_settings with
        {
            OomScoreAdj = -500,
            Ulimits = new Dictionary<string, string> { ["nofile"] = "10:20" },
            Sysctl = new Dictionary<string, string> { ["kernel.shmmax"] = "1" },
            Tty = true,
            Init = true,
            ShmSize = 1 << 20,
        });

        Assert.Equal(-500, spec.Process!.OomScoreAdj);
        Assert.Equal([new PosixRlimit("RLIMIT_NOFILE", 20, 10)], spec.Process.Rlimits);
        Assert.Equal("1", spec.Linux!.Sysctl!["kernel.shmmax"]);
        Assert.True(spec.Process.Terminal);
        Assert.Contains("TERM=xterm", spec.Process.Env!);
        Assert.Equal(["/dev/psc-init", "init", "--", "sh", "-c", "true"], spec.Process.Args);
        Assert.Equal(("bind", "/opt/psc-runtime"), Of(spec, "/dev/psc-init"));
        Assert.Contains("size=1048576", spec.Mounts!.Single(m => m.Destination == "/dev/shm").Options!);
        Assert.DoesNotContain("size=65536k", spec.Mounts!.Single(m => m.Destination == "/dev/shm").Options!);
    }

    [Fact]
    public void A_kind_of_terminal_that_was_chosen_stays() => Assert.DoesNotContain(
        "TERM=xterm", SampleSpec.Of(_settings with { Tty = true, Environment = ["TERM=dumb"] }).Process!.Env!);

    [Fact]
    public void Limits_of_control_groups_are_written()
    {
        var resources = SampleSpec.Of(_settings with
        {
            Memory = 64 << 20,
            MemorySwap = -1,
            MemoryReservation = 32 << 20,
            CpuShares = 512,
            CpuSet = "0",
        }).Linux!.Resources!;

        Assert.Equal((64 << 20, -1, 32 << 20), (resources.Memory!.Limit, resources.Memory.Swap, resources.Memory.Reservation));
        Assert.Equal((512UL, "0"), (resources.Cpu!.Shares, resources.Cpu.Cpus));
    }

    private static (string? Type, string? Source) Of(RuntimeSpec spec, string destination) =>
        spec.Mounts!.Single(mount => mount.Destination == destination) is var mount ? (mount.Type, mount.Source) : default;
}
