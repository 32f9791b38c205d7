using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

/// <summary>In a folder that looks like the resctrl file system: few machines have one.</summary>
public sealed class ResourceControlTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("psc-resctrl").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Machine_without_the_file_system_is_named() => Assert.Equal(
        "linux.intelRdt: this machine has no resctrl file system",
        Assert.Throws<InvalidSettingException>(() => ResourceControl.Build(new LinuxIntelRdt(), "id", root: null)).Message);

    [Fact]
    public void Containers_own_group_goes_with_it()
    {
        var control = ResourceControl.Build(
            new LinuxIntelRdt { L3CacheSchema = "L3:0=f", MemBwSchema = "MB:0=20", Schemata = ["L2:0=f"], EnableMonitoring = true },
            "id",
            _root);

        Assert.Equal(
            [
                new MakeCgroup($"{_root}/id"),
                new WriteFile($"{_root}/id/schemata", "L3:0=f\nMB:0=20\nL2:0=f\n"),
                new MakeCgroup($"{_root}/id/mon_groups/id"),
            ],
            control.Supervisor);
        Assert.Equal([new JoinCgroup($"{_root}/id/tasks"), new JoinCgroup($"{_root}/id/mon_groups/id/tasks")], control.Container);
    }

    [Fact]
    public void Group_that_has_a_name_stays()
    {
        var control = ResourceControl.Build(new LinuxIntelRdt { ClosId = "gold", Schemata = ["L3:0=f"] }, "id", _root);

        Assert.Equal(new MakeCgroup($"{_root}/gold", Shared: true), control.Supervisor[0]);
    }

    [Fact]
    public void Group_that_is_there_is_joined()
    {
        MakeGroup("gold", "    L3:0=f\n    MB:0=100\n");

        var plain = ResourceControl.Build(new LinuxIntelRdt { ClosId = "gold" }, "id", _root);
        ResourceControl.Build(new LinuxIntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=f" }, "id", _root);

        Assert.Empty(plain.Supervisor);
        Assert.Equal(new JoinCgroup($"{_root}/gold/tasks"), Assert.Single(plain.Container));
        Assert.Equal("linux.intelRdt.l3CacheSchema", Refusal(new LinuxIntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=1" }));
    }

    [Fact]
    public void Slash_is_the_default_group() => Assert.Equal(
        new JoinCgroup($"{_root}/tasks"),
        Assert.Single(ResourceControl.Build(new LinuxIntelRdt { ClosId = "/" }, "id", _root).Container));

    [Theory]
    [InlineData("gold", null, null, "linux.intelRdt.closID")]
    [InlineData("../x", null, "L3:0=f", "linux.intelRdt.closID")]
    [InlineData("..", null, "L3:0=f", "linux.intelRdt.closID")]
    [InlineData("gold", "L3:0=f", null, "linux.intelRdt.memBwSchema")]
    [InlineData("gold", "MB:0=1\nL3:0=f", null, "linux.intelRdt.memBwSchema")]
    [InlineData("gold", null, "L3:0=f\n", "linux.intelRdt.schemata[0]")]
    public void Impossible_group_is_named(string name, string? bandwidth, string? schema, string setting) => Assert.Equal(
        setting, Refusal(new LinuxIntelRdt { ClosId = name, MemBwSchema = bandwidth, Schemata = schema is null ? null : [schema] }));

    private string Refusal(LinuxIntelRdt settings) =>
        Assert.Throws<InvalidSettingException>(() => ResourceControl.Build(settings, "id", _root)).Setting;

    private void MakeGroup(string name, string schemata) =>
        File.WriteAllText(Path.Join(Directory.CreateDirectory(Path.Join(_root, name)).FullName, "schemata"), schemata);
}
