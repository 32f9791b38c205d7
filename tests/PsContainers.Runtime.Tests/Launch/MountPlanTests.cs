using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;
using PsContainers.Runtime.Tests.Cgroups;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class MountPlanTests
{
    private const MountFlags PrivateTree = MountFlags.Private | MountFlags.Recursive;
    private const MountFlags SlaveTree = MountFlags.Slave | MountFlags.Recursive;
    private const MountAttributes AnyTime = MountAttributes.ATime;

    public static TheoryData<string, MountAttributes, MountAttributes> Attributes => new()
    {
        { "ro", MountAttributes.ReadOnly, 0 },
        { "rw", 0, MountAttributes.ReadOnly },
        { "nosuid", MountAttributes.NoSuid, 0 },
        { "suid", 0, MountAttributes.NoSuid },
        { "nodev", MountAttributes.NoDev, 0 },
        { "dev", 0, MountAttributes.NoDev },
        { "noexec", MountAttributes.NoExec, 0 },
        { "exec", 0, MountAttributes.NoExec },
        { "nosymfollow", MountAttributes.NoSymFollow, 0 },
        { "symfollow", 0, MountAttributes.NoSymFollow },
        { "nodiratime", MountAttributes.NoDirATime, 0 },
        { "diratime", 0, MountAttributes.NoDirATime },
        { "noatime", MountAttributes.NoATime, AnyTime },
        { "atime", 0, AnyTime },
        { "relatime", 0, AnyTime },
        { "norelatime", 0, AnyTime },
        { "strictatime", MountAttributes.StrictATime, AnyTime },
        { "nostrictatime", 0, AnyTime },
        { "noatime,strictatime", MountAttributes.StrictATime, AnyTime },
        { "noatime,nostrictatime", MountAttributes.NoATime, AnyTime },
        { "ro,rw,nodev", MountAttributes.NoDev, MountAttributes.ReadOnly },
    };

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Option_of_a_bind_mount_is_an_attribute_set_or_cleared(string options, MountAttributes set, MountAttributes clear)
    {
        var plain = Bind(["bind", .. options.Split(',')]);
        var recursive = Bind(["rbind", .. options.Split(',').Select(option => "r" + option)]);

        Assert.Equal((new AttributeChange(set, clear), default), (plain.Attributes, plain.RecursiveAttributes));
        Assert.Equal((default, new AttributeChange(set, clear)), (recursive.Attributes, recursive.RecursiveAttributes));
        Assert.Equal((false, true), (plain.Recursive, recursive.Recursive));
    }

    [Theory]
    [InlineData("rro", MountFlags.ReadOnly)]
    [InlineData("ro,rrw", MountFlags.None)]
    [InlineData("rnoexec,rnosymfollow", MountFlags.NoExec | MountFlags.NoSymFollow)]
    [InlineData("noatime,rstrictatime", MountFlags.StrictATime)]
    [InlineData("noatime,relatime", MountFlags.RelATime)]
    [InlineData("nodiratime,rdiratime", MountFlags.None)]
    [InlineData("iversion,mand,silent", MountFlags.Version | MountFlags.MandatoryLocks | MountFlags.Silent)]
    [InlineData("iversion,mand,silent,noiversion,nomand,loud", MountFlags.None)]
    [InlineData("sync,dirsync,lazytime", MountFlags.Synchronous | MountFlags.DirSync | MountFlags.LazyTime)]
    [InlineData("sync,lazytime,async,nolazytime", MountFlags.None)]
    [InlineData("defaults", MountFlags.None)]
    public void Option_of_a_new_mount_is_a_flag(string options, MountFlags expected)
    {
        var mount = Steps(new Mount("/x", "mqueue", "mqueue", options.Split(','))).OfType<MountFileSystem>().Single();

        Assert.Equal((expected, null), (mount.Flags, mount.Data));
    }

    [Fact]
    public void Unknown_option_is_the_file_systems_own() => Assert.Equal(
        "size=4m,huge=never",
        Steps(new Mount("/x", "tmpfs", "tmpfs", ["ro", "size=4m", "huge=never"])).OfType<MountFileSystem>().Single().Data);

    [Theory]
    [InlineData(null, "", PrivateTree, PrivateTree)]
    [InlineData("private", "", PrivateTree, PrivateTree)]
    [InlineData("rslave", "", SlaveTree, MountFlags.Slave)]
    [InlineData(null, "rslave", SlaveTree, MountFlags.Slave)]
    [InlineData(null, "rshared", SlaveTree, MountFlags.Slave)]
    [InlineData("rslave", "rprivate", SlaveTree, MountFlags.Private)]
    public void Clone_of_a_source_is_cut_off_from_the_host(string? root, string option, MountFlags tree, MountFlags clone)
    {
        string[] options = option.Length > 0 ? ["rbind", option] : ["rbind"];
        var steps = Steps(spec => spec with { Linux = spec.Linux! with { RootfsPropagation = root } }, Source(options));

        Assert.Equal(tree, steps.OfType<SetPropagation>().First().Flags);
        Assert.True(clone.HasFlag(steps.OfType<BindMount>().Single().Containment));
    }

    [Fact]
    public void Only_shared_root_and_shared_mount_together_leave_a_clone_in_the_hosts_groups()
    {
        var steps = Steps(
            spec => spec with { Linux = spec.Linux! with { RootfsPropagation = "rshared" } },
            Source(["rbind", "rshared"]), Source(["rbind"]), Source(["rbind", "rslave"]));

        Assert.Equal(
            [MountFlags.None, MountFlags.Private, MountFlags.Slave], steps.OfType<BindMount>().Select(mount => mount.Containment));
        Assert.IsType<IsolateMountOf>(steps[0]);
        Assert.True(steps.OfType<PivotRoot>().Single().IsHostShared);
        Assert.IsType<SetPropagation>(steps[steps.FindIndex(step => step is PivotRoot) + 1]);
    }

    [Fact]
    public void Two_words_of_propagation_are_both_set_in_their_order()
    {
        var steps = Steps(Source(["rbind", "slave", "shared"]));

        Assert.Equal(MountFlags.Slave, steps.OfType<BindMount>().Single().Propagation);
        Assert.Equal(
            [MountFlags.Shared], steps.OfType<SetTargetPropagation>().Where(step => step.Target == "/x").Select(step => step.Flags));
    }

    [Fact]
    public void Map_of_ids_is_the_text_the_kernel_reads()
    {
        LinuxIdMapping[] map = [new(0, 100000, 65536), new(65536, 7, 1)];

        var steps = Steps(Source(["rbind", "ridmap"]) with { UidMappings = map, GidMappings = map });

        Assert.Equal(
            new MountIdMap("0 100000 65536\n65536 7 1\n", "0 100000 65536\n65536 7 1\n", null, Recursive: true),
            steps.OfType<BindMount>().Single().IdMap);
    }

    [Fact]
    public void Part_of_a_file_system_is_bound_while_the_whole_is_mounted_over_the_root()
    {
        var steps = Steps(Overlay("a/b")).SkipWhile(step => step is not OpenRoot).Skip(1).Take(4).ToList();

        Assert.Equal("/layers", Assert.IsType<ChangeDirectory>(steps[0]).Path);
        Assert.Equal(("/root", "lowerdir=1:2"), Assert.IsType<MountRoot>(steps[1]) is var whole ? (whole.Target, whole.Data) : default);
        var part = Assert.IsType<BindMount>(steps[2]);
        Assert.Equal(("/root", "a/b", "/x", MountFlags.Private), (part.Source, part.Subpath, part.Target, part.Containment));
        Assert.Equal((MountAttributes.ReadOnly, "mount(a/b of image on /x)"), (part.Attributes.Set, part.Description));
        Assert.Equal("/root", Assert.IsType<UnmountWhole>(steps[3]).Path);
    }

    [Fact]
    public void Part_is_opened_before_a_user_namespace_where_the_host_does_not_see_it()
    {
        LinuxIdMapping[] map = [new(0, 100000, 65536)];
        var standard = DefaultRuntimeSpec.Create();
        var plan = Sample.Plan(standard with
        {
            Process = Sample.Process,
            Mounts = [Source(["rbind"]), Overlay("a/b")],
            Linux = standard.Linux! with
            {
                Namespaces = [.. standard.Linux.Namespaces!, new LinuxNamespace(LinuxNamespaceType.User)],
                UidMappings = map,
                GidMappings = map,
            },
        });

        Assert.Equal(
            ["OpenSources", "Unshare", "SetPropagation", "ChangeDirectory", "MountRoot", "OpenPart", "UnmountWhole", "CloneRoot"],
            plan.EntrySteps.SkipWhile(step => step is not OpenSources).Select(step => step.GetType().Name));
        Assert.Equal([null, "a/b"], plan.ContainerSteps.OfType<BindMount>().Select(step => step.Subpath));
        Assert.DoesNotContain(plan.ContainerSteps, step => step is MountRoot or UnmountWhole);
    }

    [Theory]
    [InlineData("tmpfs", "tmpfs", "x", "")]
    [InlineData("proc", "proc", "x", "")]
    [InlineData("bind", "/x", "", "bind")]
    [InlineData("bind", "/x", "x", "remount,bind")]
    public void Impossible_part_is_refused_by_its_field(string type, string source, string subpath, string options) => Assert.Equal(
        "mounts[0].subpath",
        Assert.Throws<InvalidSettingException>(
            () => Steps(new Mount("/x", type, source, options.Split(',')) { Subpath = subpath })).Setting);

    [Fact]
    public void Relative_source_without_a_bundle_is_refused() => Assert.Equal(
        "mounts[0].source",
        Assert.Throws<InvalidSettingException>(() => Steps(new Mount("/x", "bind", "beside", ["bind"]))).Setting);

    [Fact]
    public void Masks_below_proc_and_sys_must_lie_on_them()
    {
        string[] paths = ["/proc/kcore", "/sys/firmware", "/sys/fs/cgroup/x", "/etc/x", "/procs"];

        var masks = Steps(
            spec => spec with { Linux = spec.Linux! with { MaskedPaths = paths } },
            new("/proc", "proc", "proc"), new("/sys", "sysfs", "sysfs"), new("/sys/fs/cgroup", "cgroup", "cgroup")).OfType<MaskPath>();

        Assert.Equal([0x9fa0u, 0x62656572u, 0u, 0u, 0u], masks.Select(mask => mask.FileSystem));
    }

    [Fact]
    public void Control_groups_are_bound_where_there_is_no_namespace_of_them()
    {
        var steps = Steps(
            spec => spec with
            {
                Linux = spec.Linux! with
                {
                    Namespaces = [.. spec.Linux.Namespaces!.Where(n => n.Type != LinuxNamespaceType.Cgroup)],
                },
            },
            new Mount("/sys/fs/cgroup", "cgroup", "cgroup", ["ro", "nosuid"]));

        var bind = steps.OfType<BindMount>().Single();
        Assert.Equal(("/sys/fs/cgroup/a", "/sys/fs/cgroup"), (bind.Source, bind.Target));
        Assert.Equal(MountAttributes.ReadOnly | MountAttributes.NoSuid, bind.Attributes.Set);
    }

    [Fact]
    public void Plan_touches_nothing() =>
        Assert.Equal("/no/such/thing", Steps(new Mount("/x", "bind", "/no/such/thing", ["bind"])).OfType<BindMount>().Single().Source);

    private static Mount Source(string[] options) => new("/x", "bind", "/source", options);

    private static Mount Overlay(string subpath) =>
        new("/x", "overlay", "image", ["lowerdir=/layers/1:/layers/2", "ro"]) { Subpath = subpath };

    private static BindMount Bind(string[] options) => Steps(Source(options)).OfType<BindMount>().Single();

    private static List<LaunchStep> Steps(params Mount[] mounts) => Steps(spec => spec, mounts);

    private static List<LaunchStep> Steps(Func<RuntimeSpec, RuntimeSpec> change, params Mount[] mounts)
    {
        var standard = DefaultRuntimeSpec.Create();
        var spec = change(standard with { Mounts = mounts, Process = standard.Process! with { Args = ["true"] } });
        var plan = LaunchPlan.Build(spec, new LaunchOptions
        {
            Id = "c",
            RootPath = "/root",
            Cgroups = CgroupPlan.Build(Machine.Unified, "/a", new LinuxResources()),
        });
        Assert.False(plan.Encode().IsEmpty);
        return [.. plan.ContainerSteps.SkipWhile(step => step is JoinCgroup or Unshare)];
    }
}
