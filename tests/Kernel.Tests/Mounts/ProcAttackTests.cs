using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

/// <summary>Images and volumes that try to have the launcher, and all software after it, read a /proc of their own making.</summary>
public sealed class ProcAttackTests(TestHost host) : MountTest(host)
{
    private const string Refused = "only a proc file system may be mounted on /proc";

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/sys")]
    [InlineData("/tmp/../proc/1")]
    public void Volume_over_proc_is_refused(string target) =>
        Assert.Contains(Refused, Refusal(Bind(Make("evil"), target)), StringComparison.Ordinal);

    [Fact]
    public void Tmpfs_over_proc_is_refused() =>
        Assert.Contains(Refused, Refusal(new Mount("/proc", "tmpfs", "tmpfs", [])), StringComparison.Ordinal);

    [Fact]
    public void Copied_tmpfs_over_proc_is_refused() =>
        Assert.Contains(Refused, Refusal(new Mount("/proc/sys", "tmpfs", "tmpfs", ["tmpcopyup"])), StringComparison.Ordinal);

    [Theory]
    [InlineData("/proc")]
    [InlineData("proc")]
    [InlineData("../../../proc")]
    public void Volume_on_a_link_to_proc_is_refused(string link)
    {
        File.CreateSymbolicLink(Path.Join(RootPath, "innocent"), link);

        Assert.Contains(Refused, Refusal(Bind(Make("evil"), "/innocent/self/attr")), StringComparison.Ordinal);
    }

    [Fact]
    public void Mount_on_a_link_to_the_root_is_refused()
    {
        File.CreateSymbolicLink(Path.Join(RootPath, "innocent"), "/");

        Assert.Contains("the target is the root itself", Refusal(Bind(Make("evil"), "/innocent")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    public void Kernel_file_system_is_not_mounted_through_a_link(string name)
    {
        Directory.Delete(Path.Join(RootPath, name));
        File.CreateSymbolicLink(Path.Join(RootPath, name), "/tmp");

        Assert.Contains($" on /{name}): opening the target: Too many levels", Refusal(), StringComparison.Ordinal);
    }

    // What CVE-2019-16884 did: a volume with a forged proc, so that writes of labels went nowhere.
    [Fact]
    public void Forged_proc_is_covered_by_the_real_one()
    {
        var forged = Make("forged");
        File.WriteAllText(Path.Join(Directory.CreateDirectory(Path.Join(forged, "self/attr")).FullName, "exec"), "");
        var spec = Spec("echo started");

        var error = Refusal(spec with { Mounts = [Bind(forged, "/proc"), .. spec.Mounts!] });

        Assert.Contains(Refused, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_tell_of_the_machine_may_be_replaced()
    {
        File.WriteAllText(Path.Join(Folder, "cpuinfo"), "two processors");

        Assert.Equal("two processors", SayWith("cat /proc/cpuinfo", Bind(Path.Join(Folder, "cpuinfo"), "/proc/cpuinfo")));
    }

    [Fact]
    public void Another_proc_may_be_bound()
    {
        var spec = Spec("ls -d /proc/self");

        var result = RunBundle(spec with
        {
            Mounts = [Bind("/proc", "/proc"), .. spec.Mounts!.Where(m => m.Destination != "/proc")],
        });

        Assert.Equal("/proc/self", result.Text());
    }

    [Theory]
    [InlineData("/procedures")]
    [InlineData("/tmp/proc")]
    public void Folder_with_a_similar_name_is_free(string target) =>
        Assert.Equal("0", SayWith($"ls {target} | wc -l", Bind(Make("empty"), target)));

    [Fact]
    public void Mask_that_a_link_leads_elsewhere_is_refused()
    {
        var spec = Spec("echo started");
        File.CreateSymbolicLink(Path.Join(RootPath, "tmp/link"), "/etc/passwd");

        // The path goes by the real proc's own link into the image: what is masked then is not what was meant.
        var error = Refusal(spec with { Linux = spec.Linux! with { MaskedPaths = ["/proc/../tmp/link"] } });

        Assert.Contains("mask(/proc/../tmp/link): the target is not where it should be", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "linux.maskedPaths[0]")]
    [InlineData(false, "linux.readonlyPaths[0]")]
    public void Relative_path_to_hide_is_refused(bool mask, string named)
    {
        var spec = Spec("echo started");
        string[] paths = ["proc/kcore"];

        var error = Refusal(spec with
        {
            Linux = mask ? spec.Linux! with { MaskedPaths = paths } : spec.Linux! with { ReadonlyPaths = paths },
        });

        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_only_path_stays_executable_and_takes_no_writes_below()
    {
        var spec = Spec("/bin/busybox true && touch /bin/x 2>/dev/null || echo closed");

        Assert.Equal("closed", RunBundle(spec with { Linux = spec.Linux! with { ReadonlyPaths = ["/bin", "/no/such"] } }).Text());
    }
}
