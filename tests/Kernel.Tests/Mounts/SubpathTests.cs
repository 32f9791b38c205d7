using System.Text;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Kernel.Tests.Mounts;

/// <summary>Mounts that show one file or directory of their source.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class SubpathTests(TestHost host) : MountTest(host)
{
    private const string Listing = "grep -c ' /mnt ' /proc/self/mountinfo; ls /mnt; cat /mnt/file 2>/dev/null";

    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(3);
    private static readonly LinuxIdMapping[] _ids = [new(ContainerId: 0, HostId: 100000, Size: 65536)];

    private bool _isShared;

    public enum Kind
    {
        Bind,
        BindWithoutSubmounts,
        Overlay,
    }

    public static TheoryData<Kind, bool> Everywhere =>
    [
        (Kind.Bind, false), (Kind.BindWithoutSubmounts, false), (Kind.Overlay, false),
        (Kind.Bind, true), (Kind.BindWithoutSubmounts, true), (Kind.Overlay, true),
    ];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Directory_alone_is_shown(Kind kind, bool inUserNamespace) =>
        Assert.Equal("1\nfile\ninside", Say(kind, inUserNamespace, "folder/below", Listing));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void File_alone_is_shown(Kind kind, bool inUserNamespace) =>
        Assert.Equal("inside", Say(kind, inUserNamespace, "/folder/below/file", "cat /mnt"));

    [Theory]
    [InlineData("up")]
    [InlineData("folder/up")]
    [InlineData("absolute")]
    [InlineData("folder/../../../etc")]
    [InlineData("/etc")]
    [InlineData("chain")]
    public void Nothing_leads_out_of_the_source(string subpath)
    {
        foreach (var kind in Enum.GetValues<Kind>())
        {
            Assert.Equal("mine", Say(kind, false, subpath, "ls /mnt"));
        }
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void What_is_not_there_is_one_error_that_names_it(Kind kind, bool inUserNamespace)
    {
        var error = Assert.Throws<LaunchFailedException>(() => Say(kind, inUserNamespace, "folder/missing", "echo started"));

        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.StartsWith("mount(folder/missing of ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" on /mnt): opening the subpath: No such file or directory (ENOENT)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Even_who_may_unmount_uncovers_nothing_of_the_source(Kind kind, bool inUserNamespace)
    {
        // The image's own folder lies below; a clone of a clone or a change of root leads no further up either.
        Directory.CreateDirectory(Path.Join(RootPath, "mnt/of the image"));
        var said = Say(
            kind, inUserNamespace, "folder/below",
            "ls /mnt/..; umount /mnt; ls /mnt; umount /mnt 2>/dev/null || echo no more; grep -c secret /proc/self/mountinfo; ls /mnt/..",
            mount => mount,
            spec => spec with
            {
                Process = spec.Process! with { Capabilities = All },
                Linux = spec.Linux! with { Seccomp = null },
            });

        var lines = said.Split('\n');
        Assert.Contains("of the image", lines);
        Assert.Contains("no more", lines);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Options_go_for_the_part(Kind kind, bool inUserNamespace)
    {
        var said = Say(
            kind, inUserNamespace, "folder/below", "touch /mnt/x 2>&1; grep ' /mnt ' /proc/self/mountinfo | cut -d' ' -f6",
            mount => mount with { Options = [.. mount.Options ?? [], "ro", "nosuid", "noexec"] });

        Assert.Equal("touch: /mnt/x: Read-only file system\nro,nosuid,noexec,relatime", said);
    }

    [Fact]
    public void Ids_of_the_part_are_mapped()
    {
        var source = Source();
        HostCommand.Run("/bin/chown", "100001:100002", Path.Join(source, "folder/below/file")).Text();
        LinuxIdMapping[] map = [new(100000, 0, 65536)];

        var said = Say(
            Kind.Bind, false, "folder/below", "stat -c %u:%g /mnt/file",
            mount => mount with { UidMappings = map, GidMappings = map });

        Assert.Equal("1:2", said);
    }

    [Fact]
    public void Mount_below_the_source_is_part_of_it_only_when_all_mounts_are()
    {
        Source();
        var below = MountOnHost("source/folder/mounted");
        File.WriteAllText(Path.Join(below, "file"), "on the mount");

        Assert.Equal("on the mount", Say(Kind.Bind, false, "folder/mounted", "cat /mnt/file"));
        Assert.Equal("on the mount", Say(Kind.Bind, false, "folder", "cat /mnt/mounted/file"));
        Assert.Equal("", Say(Kind.BindWithoutSubmounts, false, "folder", "ls /mnt/mounted"));
        var error = Assert.Throws<LaunchFailedException>(
            () => Say(Kind.BindWithoutSubmounts, false, "folder/mounted", "ls /mnt"));
        Assert.Equal(Errno.EXDEV, error.Errno);
    }

    [Theory]
    [InlineData(Kind.Bind)]
    [InlineData(Kind.Overlay)]
    public void Host_sees_nothing_of_it_while_the_container_runs(Kind kind)
    {
        // A root that shares with the host is the hardest case.
        ShareFolder();
        var before = File.ReadAllText("/proc/self/mountinfo");
        var spec = With(kind, "folder/below", "echo ready; sleep 100");
        using var launched = Launch(spec with { Linux = spec.Linux! with { RootfsPropagation = "shared" } });
        var buffer = new byte[100];
        Assert.Equal("ready\n", Encoding.UTF8.GetString(buffer, 0, launched.StandardOutput!.Read(buffer)));
        var during = File.ReadAllText("/proc/self/mountinfo");
        HostProcess.Signal(launched.InitPid, HostProcess.Kill);
        launched.WaitForExit();

        Assert.Equal(before, during);
    }

    [Theory]
    [InlineData(Kind.Bind, false)]
    [InlineData(Kind.Bind, true)]
    public void Whoever_swaps_folders_and_links_never_leads_it_out(Kind kind, bool inUserNamespace)
    {
        var source = Source();
        Directory.CreateDirectory(Path.Join(Folder, "outside"));
        File.WriteAllText(Path.Join(Folder, "outside/file"), "secret");
        Directory.CreateDirectory(Path.Join(source, "swapped"));
        File.WriteAllText(Path.Join(source, "swapped/file"), "inside");
        File.CreateSymbolicLink(Path.Join(source, "lure"), "../../../../../../../../.." + Path.Join(Folder, "outside"));
        using var stop = new CancellationTokenSource(_duration);
        using var directory = DirectoryDescriptor.Open(source);
        var swaps = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                directory.TryExchange("swapped", "lure");
            }
        });
        swaps.Start();
        var said = new List<string>();

        while (!stop.IsCancellationRequested)
        {
            try
            {
                said.Add(Say(kind, inUserNamespace, "swapped/file", "cat /mnt", isSourceReady: true));
            }
            catch (LaunchFailedException e)
            {
                said.Add(e.Errno.ToString());
            }
        }

        swaps.Join();
        Assert.Equal(["ENOENT", "inside"], said.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tmpfs", "tmpfs")]
    [InlineData("proc", "proc")]
    [InlineData("cgroup", "cgroup")]
    public void Part_of_what_is_made_new_is_refused(string type, string named)
    {
        var spec = Spec("echo started", new Mount("/mnt", type, type) { Subpath = "x" });

        Assert.Contains(
            $"mounts[7].subpath: a new {named} has no part to show",
            Assert.Throws<PsContainers.Runtime.InvalidSettingException>(() => Launch(spec)).Message, StringComparison.Ordinal);
    }

    protected override void RemoveOwn()
    {
        if (_isShared)
        {
            HostCommand.Run("/bin/umount", "-l", Folder).Text();
        }

        base.RemoveOwn();
    }

    private static LinuxCapabilities All
    {
        get
        {
            string[] names = ["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE", "CAP_SYS_CHROOT"];
            return new LinuxCapabilities { Bounding = names, Effective = names, Permitted = names };
        }
    }

    private void ShareFolder()
    {
        HostCommand.Run("/bin/mount", "--bind", Folder, Folder).Text();
        _isShared = true;
        HostCommand.Run("/bin/mount", "--make-shared", Folder).Text();
    }

    // Beside what is looked for: links up and out, and a folder called etc, so that being clamped to the root shows.
    private string Source()
    {
        var source = Make("source");
        foreach (var folder in (string[])["folder/below", "etc/mine", "secret"])
        {
            Directory.CreateDirectory(Path.Join(source, folder));
        }

        File.WriteAllText(Path.Join(source, "folder/below/file"), "inside");
        foreach (var (link, target) in ((string, string)[])
            [("up", "../../etc"), ("folder/up", "../../../../etc"), ("absolute", "/etc"), ("chain", "folder/../up")])
        {
            if (!Path.Exists(Path.Join(source, link)) && new FileInfo(Path.Join(source, link)).LinkTarget is null)
            {
                File.CreateSymbolicLink(Path.Join(source, link), target);
            }
        }

        return source;
    }

    private Mount MountOf(Kind kind, string source, string subpath) => kind switch
    {
        Kind.Bind => new Mount("/mnt", "bind", source, ["rbind"]) { Subpath = subpath },
        Kind.BindWithoutSubmounts => new Mount("/mnt", "bind", source, ["bind"]) { Subpath = subpath },
        _ => new Mount("/mnt", "overlay", "image", [$"lowerdir={source}:{Make("empty")}"]) { Subpath = subpath },
    };

    private RuntimeSpec With(Kind kind, string subpath, string script, Func<Mount, Mount>? change = null, bool isSourceReady = false)
    {
        var mount = MountOf(kind, isSourceReady ? Path.Join(Folder, "source") : Source(), subpath);
        return Spec(script, change is null ? mount : change(mount));
    }

    private string Say(
        Kind kind,
        bool inUserNamespace,
        string subpath,
        string script,
        Func<Mount, Mount>? change = null,
        Func<RuntimeSpec, RuntimeSpec>? changeSpec = null,
        bool isSourceReady = false)
    {
        var spec = With(kind, subpath, script, change, isSourceReady);
        spec = changeSpec is null ? spec : changeSpec(spec);
        if (inUserNamespace)
        {
            HostCommand.Run("/bin/chown", "-R", "100000:100000", RootPath).Text();
            spec = spec with
            {
                Linux = spec.Linux! with
                {
                    Namespaces = [.. spec.Linux.Namespaces!, new LinuxNamespace(LinuxNamespaceType.User)],
                    UidMappings = _ids,
                    GidMappings = _ids,
                },
            };
        }

        using var launched = Launch(spec);
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        for (int count; (count = launched.StandardOutput!.Read(buffer)) > 0;)
        {
            content.Write(buffer, 0, count);
        }

        launched.WaitForExit();
        return Encoding.UTF8.GetString(content.ToArray()).TrimEnd('\n');
    }

    private LauncherProcess Launch(RuntimeSpec spec) => LauncherProcess.Start(
        Repository.Launcher,
        LaunchPlan.Build(spec, new LaunchOptions
        {
            Id = "part",
            RootPath = RootPath,
            Cgroups = CgroupPlan.Build(CgroupHierarchies.OfSelf(), spec.Linux!.CgroupsPath!, spec.Linux.Resources),
        }),
        attach: true);
}
