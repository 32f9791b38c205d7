using PsContainers.Launcher.CommandLine;
using PsContainers.Runtime;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Launcher.Tests.CommandLine;

public sealed class CgroupsPathTests
{
    [Theory]
    [InlineData(null, false, "/psc-runtime/id")]
    [InlineData("", true, "/psc-runtime/id")]
    [InlineData("/a/b", false, "/a/b")]
    [InlineData("a/b", false, "/psc-runtime/a/b")]
    [InlineData("a.slice:p:n", true, "/a.slice/p-n.scope")]
    [InlineData("a-b-c.slice:p:n", true, "/a.slice/a-b.slice/a-b-c.slice/p-n.scope")]
    [InlineData(":p:n", true, "/system.slice/p-n.scope")]
    [InlineData("-.slice:p:n", true, "/p-n.scope")]
    [InlineData("a.slice::n", true, "/a.slice/n.scope")]
    [InlineData("/a/b", true, "/a/b")]
    public void Path_is_below_each_hierarchy(string? path, bool isSystemd, string expected) =>
        Assert.Equal(expected, CgroupsPath.Of(path, "id", isSystemd).Path);

    [Theory]
    [InlineData("a-b.slice:p:n", "p-n.scope", "a-b.slice")]
    [InlineData("::n", "n.scope", "system.slice")]
    public void Path_in_the_words_of_systemd_is_a_scope(string path, string name, string slice) =>
        Assert.Equal(new SystemdScope(name, slice), CgroupsPath.Of(path, "id", isSystemd: true).Scope);

    [Theory]
    [InlineData("/a/b", true)]
    [InlineData("a.slice:p:n", false)]
    public void Other_path_is_none(string path, bool isSystemd) => Assert.Null(CgroupsPath.Of(path, "id", isSystemd).Scope);

    [Theory]
    [InlineData("nonsense:p:n")]
    [InlineData("a/b.slice:p:n")]
    public void What_is_no_slice_is_named(string path) => Assert.Contains(
        "linux.cgroupsPath",
        Assert.Throws<InvalidSettingException>(() => CgroupsPath.Of(path, "id", isSystemd: true)).Message,
        StringComparison.Ordinal);
}
