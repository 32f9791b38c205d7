using System.Net.Sockets;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

public sealed class MountOptionTests(TestHost host) : MountTest(host)
{
    private const string ShowMounts = "grep ' /mnt' /proc/self/mountinfo | cut -d' ' -f5,6";

    [Theory]
    [InlineData("ro", "ro,relatime")]
    [InlineData("nosuid", "rw,nosuid,relatime")]
    [InlineData("nodev", "rw,nodev,relatime")]
    [InlineData("noexec", "rw,noexec,relatime")]
    [InlineData("noatime", "rw,noatime")]
    [InlineData("nodiratime", "rw,nodiratime,relatime")]
    [InlineData("strictatime", "rw")]
    [InlineData("nosymfollow", "rw,relatime,nosymfollow")]
    [InlineData("noatime,relatime", "rw,relatime")]
    [InlineData("noatime,atime", "rw,relatime")]
    [InlineData("ro,rw", "rw,relatime")]
    public void Option_shows_on_a_bind_mount_and_on_a_new_one(string options, string shown)
    {
        var source = MountOnHost("source");
        File.WriteAllText(Path.Join(source, "file"), "");

        var said = SayWith(
            ShowMounts, Bind(source, "/mnt/bound", options.Split(',')), new("/mnt/new", "tmpfs", "tmpfs", options.Split(',')));

        Assert.Equal($"/mnt/bound {shown}\n/mnt/new {shown}", said);
    }

    [Fact]
    public void Option_of_the_source_can_be_taken_back()
    {
        var source = MountOnHost("source", "ro,nosuid,nodev,noexec,noatime,nodiratime");

        Assert.Equal(
            "/mnt/kept ro,nosuid,nodev,noexec,noatime,nodiratime\n/mnt/freed rw,relatime",
            SayWith(
                ShowMounts,
                Bind(source, "/mnt/kept"),
                Bind(source, "/mnt/freed", "rw", "suid", "dev", "exec", "atime", "diratime")));
    }

    [Theory]
    [InlineData("ro", "ro,relatime", "rw,relatime")]
    [InlineData("rro", "ro,relatime", "ro,relatime")]
    [InlineData("rnosuid", "rw,nosuid,relatime", "rw,nosuid,relatime")]
    [InlineData("rnodev", "rw,nodev,relatime", "rw,nodev,relatime")]
    [InlineData("rnoexec", "rw,noexec,relatime", "rw,noexec,relatime")]
    [InlineData("rnosymfollow", "rw,relatime,nosymfollow", "rw,relatime,nosymfollow")]
    [InlineData("rnoatime", "rw,noatime", "rw,noatime")]
    [InlineData("rstrictatime", "rw", "rw")]
    [InlineData("rnodiratime", "rw,nodiratime,relatime", "rw,nodiratime,relatime")]
    [InlineData("rro,rw", "rw,relatime", "ro,relatime")]
    [InlineData("rnoatime,rrelatime", "rw,relatime", "rw,relatime")]
    public void Recursive_option_goes_for_the_tree_and_a_plain_one_for_its_top(string options, string top, string below)
    {
        var source = MountOnHost("source");
        MountOnHost("source/below");

        Assert.Equal($"/mnt {top}\n/mnt/below {below}", SayWith(ShowMounts, Bind(source, "/mnt", options.Split(','))));
    }

    [Fact]
    public void Recursive_option_takes_back_what_the_tree_had()
    {
        var source = MountOnHost("source", "nosuid,nodev,noexec,noatime");
        MountOnHost("source/below", "nosuid,nodev,noexec,noatime");

        Assert.Equal(
            "/mnt rw,relatime\n/mnt/below rw,relatime",
            SayWith(ShowMounts, Bind(source, "/mnt", "rrw", "rsuid", "rdev", "rexec", "ratime", "rdiratime", "rsymfollow")));
    }

    [Fact]
    public void Recursively_read_only_tree_refuses_writes_at_every_depth()
    {
        var source = MountOnHost("source");
        MountOnHost("source/below");

        Assert.Equal("refused", SayWith(
            "touch /mnt/x 2>/dev/null || touch /mnt/below/x 2>/dev/null || echo refused", Bind(source, "/mnt", "rro")));
    }

    [Fact]
    public void Plain_bind_leaves_mounts_below_behind()
    {
        var source = MountOnHost("source");
        MountOnHost("source/below");

        Assert.Equal("/mnt rw,relatime", SayWith(ShowMounts, new Mount("/mnt", "none", source, ["bind"])));
    }

    [Fact]
    public void Options_of_the_file_system_reach_it() => Assert.Equal(
        "4096 700", SayWith("df -k /mnt | tail -n 1 | awk '{printf $2}'; stat -c ' %a' /mnt",
            new Mount("/mnt", "tmpfs", "tmpfs", ["silent", "lazytime", "noiversion", "nomand", "async", "size=4m", "mode=700"])));

    [Fact]
    public void Tmpfs_takes_the_mode_of_what_it_covers()
    {
        File.SetUnixFileMode(Directory.CreateDirectory(Path.Join(RootPath, "secret")).FullName, UnixFileMode.UserRead);

        Assert.Equal("400", SayWith("stat -c %a /secret", new Mount("/secret", "tmpfs", "tmpfs", ["nosuid"])));
    }

    [Fact]
    public void Read_only_tmpfs_takes_mounts_before_it_is_closed()
    {
        var said = SayWith(
            "ls /mnt; touch /mnt/y 2>/dev/null || echo closed; touch /mnt/inner/x && echo open",
            new Mount("/mnt", "tmpfs", "tmpfs", ["ro"]), new Mount("/mnt/inner", "tmpfs", "tmpfs", []));

        Assert.Equal("inner\nclosed\nopen", said);
    }

    [Fact]
    public void Mount_can_be_changed_by_a_later_one()
    {
        var source = MountOnHost("source");

        Assert.Equal("/mnt ro,nosuid,relatime", SayWith(
            ShowMounts, Bind(source, "/mnt"), new Mount("/mnt", "none", "none", ["bind", "remount", "ro", "nosuid"])));
    }

    [Fact]
    public void File_and_socket_are_bound_on_files()
    {
        File.WriteAllText(Path.Join(Folder, "file"), "content");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Join("/tmp", $"psc-{Guid.NewGuid():n}");
        socket.Bind(new UnixDomainSocketEndPoint(path));

        var said = SayWith(
            "cat /new/file; echo; [ -S /new/socket ] && echo socket",
            Bind(Path.Join(Folder, "file"), "/new/file"), Bind(path, "/new/socket"));

        File.Delete(path);
        Assert.Equal("content\nsocket", said);
    }

    [Fact]
    public void Relative_source_starts_from_the_bundle()
    {
        File.WriteAllText(Path.Join(Make("beside"), "file"), "found");

        Assert.Equal("found", SayWith("cat /mnt/file", Bind("beside", "/mnt")));
    }

    [Fact]
    public void Missing_source_is_named()
    {
        var error = Refusal(Bind("/no/such/source", "/mnt"));

        Assert.Contains("mount(/no/such/source on /mnt): opening the source: No such file", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(RootPath, "mnt")));
    }

    [Theory]
    [InlineData("/", "bind", "rbind", "mounts[7].destination")]
    [InlineData("/.//..", "tmpfs", "ro", "mounts[7].destination")]
    [InlineData("mnt", "bind", "rbind", "mounts[7].destination")]
    [InlineData("/mnt", "bind", "size=4m", "mounts[7].options")]
    [InlineData("/mnt", "", "ro", "mounts[7].type")]
    [InlineData("/mnt", "proc", "tmpcopyup", "mounts[7].options")]
    [InlineData("/mnt", "tmpfs", "idmap", "mounts[7].uidMappings")]
    [InlineData("/mnt", "bind", "idmap", "mounts[7].options")]
    public void Impossible_mount_is_refused_by_its_field(string target, string type, string option, string named) =>
        Assert.Contains(named + ":", Refusal(new Mount(target, type, "/tmp", [option])), StringComparison.Ordinal);

    [Fact]
    public void Unknown_file_system_is_named() => Assert.Contains(
        "mount(nonsense on /mnt): No such device", Refusal(new Mount("/mnt", "nonsense", "x", [])), StringComparison.Ordinal);

    [Fact]
    public void Copied_tmpfs_begins_with_what_was_there()
    {
        var covered = Path.Join(RootPath, "data");
        HostCommand.Run("/bin/sh", "-c",
            $"mkdir -p {covered}/deep/er && cd {covered} && echo one > file && head -c 100000 /dev/zero > deep/er/big "
            + "&& ln -s /no/where link && mkfifo pipe && chown 5:6 file && chmod 4750 file && chown -h 7:8 link "
            + "&& chmod 1777 deep && touch -d 2001-02-03 file deep && chown 9:10 . && chmod 710 .").Text();

        var said = SayWith(
            "cd /data; stat -c '%n %a %u:%g %F' . file link pipe deep; stat -c '%s' deep/er/big; readlink link; cat file; "
            + "stat -c %y file | cut -c1-10; touch new; grep ' /data ' /proc/self/mountinfo | grep -c tmpfs",
            new Mount("/data", "tmpfs", "tmpfs", ["tmpcopyup", "nosuid"]));

        Assert.Equal(
            ". 710 9:10 directory\nfile 4750 5:6 regular file\nlink 777 7:8 symbolic link\npipe 644 0:0 fifo\ndeep 1777 0:0 directory\n"
            + "100000\n/no/where\none\n2001-02-03\n1",
            said);
        Assert.False(File.Exists(Path.Join(covered, "new")));
    }

    [Fact]
    public void Copy_that_does_not_fit_is_an_error()
    {
        File.WriteAllBytes(Path.Join(Directory.CreateDirectory(Path.Join(RootPath, "data")).FullName, "big"), new byte[1 << 20]);

        Assert.Contains(
            "copying what was there: No space left", Refusal(new Mount("/data", "tmpfs", "tmpfs", ["tmpcopyup", "size=64k"])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Copied_tmpfs_can_be_read_only_and_have_a_mode_of_its_own()
    {
        File.WriteAllText(Path.Join(Directory.CreateDirectory(Path.Join(RootPath, "data")).FullName, "file"), "kept");

        Assert.Equal("700\nkept\nclosed", SayWith(
            "stat -c %a /data; cat /data/file; echo; touch /data/x 2>/dev/null || echo closed",
            new Mount("/data", "tmpfs", "tmpfs", ["tmpcopyup", "ro", "mode=700"])));
    }
}
