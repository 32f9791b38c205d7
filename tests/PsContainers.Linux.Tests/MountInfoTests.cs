namespace PsContainers.Linux.Tests;

public sealed class MountInfoTests
{
    [Fact]
    public void A_line_is_read_column_by_column()
    {
        var mount = Assert.Single(MountInfo.Parse(["36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"]));

        Assert.Equal(new MountInfo(36, 35, "98:0", "/mnt1", "/mnt2", "rw,noatime", "ext3", "/dev/root", "rw,errors=continue"), mount);
    }

    [Theory]
    [InlineData("36 35 98:0 / /m rw - tmpfs none rw")]
    [InlineData("36 35 98:0 / /m rw shared:1 master:2 propagate_from:3 - tmpfs none rw")]
    public void Optional_columns_may_be_none_or_many(string line) =>
        Assert.Equal("tmpfs", Assert.Single(MountInfo.Parse([line])).FileSystem);

    [Theory]
    [InlineData("36 35 98:0 / /m rw master:2 shared:1 - tmpfs none rw", true)]
    [InlineData("36 35 98:0 / /m rw master:2 - tmpfs shared:1 rw", false)]
    public void Mount_of_a_peer_group_is_shared(string line, bool isShared) =>
        Assert.Equal(isShared, Assert.Single(MountInfo.Parse([line])).IsShared);

    [Fact]
    public void Mount_of_a_path_is_the_one_that_it_is_reached_through()
    {
        Assert.Equal("/proc", MountInfo.Of("/proc/self/status")?.MountPoint);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => MountInfo.Of("/nowhere")).Errno);
    }

    [Fact]
    public void Escaped_characters_of_a_path_are_restored() => Assert.Equal(
        "/a b\tc\\d\n",
        Assert.Single(MountInfo.Parse([@"36 35 98:0 / /a\040b\011c\134d\012 rw - tmpfs none rw"])).MountPoint);

    [Theory]
    [InlineData("")]
    [InlineData("36 35 98:0 / /m rw")]
    [InlineData("36 35 98:0 / /m rw - tmpfs none")]
    public void A_line_with_too_few_columns_is_refused(string line) => Assert.Throws<InvalidDataException>(() => MountInfo.Parse([line]));

    [Fact]
    public void This_process_sees_a_proc_file_system() => Assert.Contains(MountInfo.OfSelf(), mount => mount.FileSystem == "proc");
}
