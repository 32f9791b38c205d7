using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

public sealed class PropagationTests(TestHost host) : MountTest(host)
{
    [Theory]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("slave", "")]
    [InlineData("rslave", "")]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("unbindable", "unbindable")]
    [InlineData("runbindable", "unbindable")]
    public void Root_has_the_propagation_asked_for_and_the_host_stays_clean(string word, string shown)
    {
        ShareHostFolder();

        // What lies below a shared mount goes away on the host when a careless runtime lets go of its copy of the host's tree.
        MountOnHost("shared/precious");
        var spec = WithRoot("awk '$5 == \"/\" {print $7}' /proc/self/mountinfo", word);
        var before = File.ReadAllText("/proc/self/mountinfo");

        var said = RunBundle(spec).Text();

        Assert.StartsWith(shown, said == "-" ? "" : said, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo"));
    }

    [Theory]
    [InlineData("rslave", null)]
    [InlineData("rshared", null)]
    [InlineData("rslave", "rslave")]
    [InlineData(null, "rslave")]
    [InlineData("rslave", "rshared")]
    [InlineData("rshared", "rshared")]
    public void Mount_made_on_the_host_shows_below_a_bind_that_follows(string? bind, string? root)
    {
        ShareHostFolder();
        var source = Make("shared/source/late");

        Assert.Equal("late news", SayWhile(
            WithRoot(Waiting, root, Bind(Path.GetDirectoryName(source)!, "/mnt", bind is null ? [] : [bind])), () => MountNews(source)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("rprivate", null)]
    [InlineData("rprivate", "rslave")]
    [InlineData(null, "rshared")]
    public void Mount_made_on_the_host_does_not_show_otherwise(string? bind, string? root)
    {
        ShareHostFolder();
        var source = Make("shared/source/late");

        Assert.Equal("", SayWhile(
            WithRoot(Waiting, root, Bind(Path.GetDirectoryName(source)!, "/mnt", bind is null ? [] : [bind])), () => MountNews(source)));
    }

    [Theory]
    [InlineData("rshared", "rshared", true)]
    [InlineData("rshared", null, false)]
    [InlineData("rslave", "rshared", false)]
    [InlineData(null, "rshared", false)]
    public void Mount_made_inside_reaches_the_host_only_when_both_words_are_shared(string? bind, string? root, bool expected)
    {
        ShareHostFolder();
        var source = Make("shared/source");

        RunBundle(WithRoot(
            "true", root, Bind(source, "/mnt", bind is null ? [] : [bind]), new Mount("/mnt/inner", "tmpfs", "inside", []))).Text();

        var isThere = File.ReadAllText("/proc/self/mountinfo").Contains($"{source}/inner", StringComparison.Ordinal);
        HostCommand.Run("/bin/umount", "-l", $"{source}/inner");
        Assert.Equal(expected, isThere);
    }

    [Fact]
    public void Unknown_word_is_refused() => Assert.Contains(
        "linux.rootfsPropagation: 'public'", Refusal(WithRoot("true", "public")), StringComparison.Ordinal);

    private const string Waiting =
        "echo up; i=0; while [ $i -lt 20 ] && [ ! -e /mnt/late/news ]; do sleep 0.05; i=$((i + 1)); done; "
        + "cat /mnt/late/news 2>/dev/null; true";

    private RuntimeSpec WithRoot(string script, string? word, params Mount[] mounts)
    {
        var spec = Spec(script, mounts);
        return spec with { Linux = spec.Linux! with { RootfsPropagation = word }, Root = new RootSpec { Path = SharedRoot() } };
    }

    // The root lies on a shared mount, too, where it does most harm.
    private string SharedRoot()
    {
        var path = Path.Join(Folder, "shared-root/root");
        if (!Directory.Exists(path))
        {
            HostCommand.Run("/bin/mount", "--make-rshared", MountOnHost("shared-root")).Text();
            HostCommand.Run("/bin/cp", "-a", RootPath, path).Text();
        }

        return path;
    }

    private void ShareHostFolder() => HostCommand.Run("/bin/mount", "--make-rshared", MountOnHost("shared")).Text();

    private static void MountNews(string path)
    {
        HostCommand.Run("/bin/mount", "-t", "tmpfs", "news", path).Text();
        File.WriteAllText(Path.Join(path, "news"), "late news");
    }

    private string SayWhile(RuntimeSpec spec, Action action)
    {
        using var process = StartBundle(spec);
        Assert.Equal("up", process.StandardOutput.ReadLine());
        action();
        var result = HostCommand.Finish(process);
        HostCommand.Run("/bin/umount", "-l", Path.Join(Folder, "shared/source/late"));
        return result.Text();
    }
}
