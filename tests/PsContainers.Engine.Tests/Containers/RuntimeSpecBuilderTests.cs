using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Engine.Tests.Containers;

public sealed class RuntimeSpecBuilderTests
{
    private static readonly string _id = Sample.Id("c0ffee");

    [Fact]
    public void The_process_is_what_the_settings_say()
    {
        var spec = Build(Sample.Settings() with { WorkingDirectory = "/srv", Hostname = "host" });

        Assert.Equal(["sh", "-c", "true"], spec.Process!.Args);
        Assert.Equal(["PATH=/bin", "HOSTNAME=host"], spec.Process.Env);
        Assert.Equal("/srv", spec.Process.Cwd);
        Assert.Equal("host", spec.Hostname);
    }

    [Fact]
    public void What_protects_the_host_is_kept()
    {
        var standard = DefaultRuntimeSpec.Create();

        var spec = Build(Sample.Settings());

        Assert.Equivalent(standard.Process!.Capabilities, spec.Process!.Capabilities, strict: true);
        Assert.True(spec.Process.NoNewPrivileges);
        Assert.Equivalent(standard.Linux!.Seccomp, spec.Linux!.Seccomp, strict: true);
        Assert.Equal(standard.Linux.MaskedPaths, spec.Linux.MaskedPaths);
        Assert.Equal(standard.Linux.ReadonlyPaths, spec.Linux.ReadonlyPaths);
        Assert.Equal(standard.Linux.Namespaces, spec.Linux.Namespaces);
        Assert.Equivalent(standard.Linux.Resources!.Devices, spec.Linux.Resources!.Devices, strict: true);
        Assert.Equivalent(standard.Mounts, spec.Mounts!.Take(standard.Mounts!.Count), strict: true);
    }

    [Fact]
    public void A_hostname_variable_of_the_users_own_stays()
    {
        var spec = Build(Sample.Settings() with { Environment = ["HOSTNAME=mine", "A=1"] });

        Assert.Equal(["HOSTNAME=mine", "A=1"], spec.Process!.Env);
    }

    [Fact]
    public void A_variable_that_only_begins_like_the_hostname_is_not_it()
    {
        var spec = Build(Sample.Settings() with { Environment = ["HOSTNAME_FILE=x"] });

        Assert.Equal(["HOSTNAME_FILE=x", "HOSTNAME=c0ffee000000"], spec.Process!.Env);
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("1000", 1000, 0)]
    [InlineData("1000:100", 1000, 100)]
    [InlineData("4294967294:4294967294", 4294967294, 4294967294)]
    [InlineData("www", 0, 0)]
    [InlineData("www:100", 0, 100)]
    [InlineData("1000:users", 1000, 0)]
    public void Numbers_of_the_user_are_known_before_the_start(string user, uint uid, uint gid)
    {
        var spec = Build(Sample.Settings() with { User = user });

        Assert.Equal((uid, gid), (spec.Process!.User!.Uid, spec.Process.User.Gid));
    }

    [Fact]
    public void On_the_hosts_network_there_is_no_network_namespace()
    {
        var spec = Build(Sample.Settings() with { Network = NetworkMode.Host });

        var namespaces = spec.Linux!.Namespaces!.Select(n => n.Type).ToList();
        Assert.DoesNotContain(LinuxNamespaceType.Network, namespaces);
        Assert.Equal(DefaultRuntimeSpec.Create().Linux!.Namespaces!.Count - 1, namespaces.Count);
        Assert.Equal(Environment.MachineName, spec.Hostname);
    }

    [Fact]
    public void Limits_are_written_where_they_are_asked_for()
    {
        var resources = Build(Sample.Settings() with { Memory = 64 << 20, Cpus = 0.5, PidsLimit = 20 }).Linux!.Resources!;

        Assert.Equal((64 << 20, 128 << 20), (resources.Memory!.Limit, resources.Memory.Swap));
        Assert.Equal((50_000, 100_000UL), (resources.Cpu!.Quota, resources.Cpu.Period));
        Assert.Equal(20, resources.Pids!.Limit);
    }

    [Fact]
    public void Without_limits_none_is_written()
    {
        var resources = Build(Sample.Settings()).Linux!.Resources!;

        Assert.Equal((null, null, null), (resources.Memory, resources.Cpu, resources.Pids));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_root_is_read_only_when_that_is_asked_for(bool readOnly)
    {
        var spec = Build(Sample.Settings() with { ReadOnly = readOnly });

        Assert.Equal(("/run/pscontainers/rootfs", readOnly), (spec.Root!.Path, spec.Root.Readonly));
    }

    [Fact]
    public void The_files_of_the_network_are_bound_from_the_run_directory()
    {
        var mounts = Build(Sample.Settings()).Mounts!.Where(mount => mount.Type == "bind");

        Assert.Equal(
            [("/etc/hosts", "/run/c/hosts"), ("/etc/hostname", "/run/c/hostname"), ("/etc/resolv.conf", "/run/c/resolv.conf")],
            mounts.Select(mount => (mount.Destination, mount.Source)));
    }

    [Fact]
    public void Labels_are_annotations()
    {
        var labels = new Dictionary<string, string> { ["a"] = "b" };

        Assert.Equal(labels, Build(Sample.Settings() with { Labels = labels }).Annotations);
        Assert.Null(Build(Sample.Settings()).Annotations);
    }

    [Fact]
    public void The_control_group_is_the_containers_own()
    {
        Assert.Equal($"/pscontainers/{_id}", Build(Sample.Settings()).Linux!.CgroupsPath);
    }

    private static RuntimeSpec Build(ContainerSettings settings) => SampleSpec.Of(settings, _id);
}
