using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

[Trait("Needs", OnlyOnHost)]
public sealed class MappedMountTests(TestHost host) : MountTest(host)
{
    private static readonly LinuxIdMapping[] _map = [new(ContainerId: 0, HostId: 100000, Size: 65536)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_have_the_mapped_owner_on_either_side(bool onTmpfs)
    {
        var source = onTmpfs ? MountOnHost("source") : Make("source");
        HostCommand.Run("/bin/sh", "-c", $"cd {source} && touch mine && chown 100000:100005 mine && chown 100000:100000 .").Text();

        // The container's ids are the host's: a mapping turns the file system's 0 into 100000, as seen through the mount.
        var said = SayWith(
            "cd /mnt; stat -c '%n %u:%g' mine; touch new; chown 3:4 new; stat -c %u:%g new",
            Mapped(source, [new(100000, 0, 65536)], "rw"));

        Assert.Equal("mine 0:5\n3:4", said);
        Assert.Equal("100003:100004", HostCommand.Run("/usr/bin/stat", "-c", "%u:%g", Path.Join(source, "new")).Text());
    }

    [Fact]
    public void Whole_tree_is_mapped_only_when_asked()
    {
        var source = MountOnHost("source");
        var below = MountOnHost("source/below");
        HostCommand.Run("/bin/chown", "100001:100001", source, below).Text();
        LinuxIdMapping[] map = [new(100000, 0, 65536)];

        Assert.Equal("1\n100001", SayWith("stat -c %u /mnt /mnt/below", Mapped(source, map, "idmap")));
        Assert.Equal("1\n1", SayWith("stat -c %u /mnt /mnt/below", Mapped(source, map, "ridmap")));
    }

    [Fact]
    public void File_system_that_cannot_map_is_an_error_that_says_so() => Assert.Contains(
        "mount(/proc/sys on /mnt): mapping its ids, which the file system and the kernel must support: Invalid argument",
        Refusal(Mapped("/proc/sys", _map)), StringComparison.Ordinal);

    [Fact]
    public void Mapping_of_one_kind_of_ids_alone_is_refused() => Assert.Contains(
        "mounts[7].gidMappings: missing", Refusal(Bind("/tmp", "/mnt") with { UidMappings = _map }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0u, 0u, 0u, "mounts[7].uidMappings[0]")]
    [InlineData(4294967295u, 0u, 10u, "mounts[7].uidMappings[0]")]
    public void Impossible_range_is_named(uint inside, uint outside, uint size, string named) => Assert.Contains(
        named, Refusal(Mapped("/tmp", [new(inside, outside, size)])), StringComparison.Ordinal);

    [Fact]
    public void Overlapping_ranges_are_named() => Assert.Contains(
        "mounts[7].uidMappings[1]: overlaps", Refusal(Mapped("/tmp", [new(0, 0, 10), new(5, 100, 10)])), StringComparison.Ordinal);

    [Fact]
    public void No_helper_process_stays() => Assert.Equal(
        "Name:\tsh", SayWith("for p in /proc/[0-9]*; do read line < $p/status; echo \"$line\"; done", Mapped(MountOnHost("source"), _map)));

    private static Mount Mapped(string source, LinuxIdMapping[] map, params string[] options) =>
        Bind(source, "/mnt", options) with { UidMappings = map, GidMappings = map };
}
