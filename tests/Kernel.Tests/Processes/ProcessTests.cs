using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Processes;

public sealed class ProcessTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Only_the_three_standard_descriptors_are_open() =>
        Assert.Equal("0 1 2 3", Run(Creation(["ls", "/proc/self/fd"])).Text().Replace('\n', ' '));

    [Fact]
    public void Standard_input_is_empty() => Assert.Equal("0", Say("wc -c"));

    [Fact]
    public void Arguments_are_passed_untouched()
    {
        string[] arguments = ["", " a  b ", "'", "\"", "$HOME", "*", "\\", "ü", "-n", "line\nbreak"];

        var outcome = Run(Creation(["sh", "-c", "for a; do printf '<%s>' \"$a\"; done", "sh", .. arguments]));

        Assert.Equal(string.Concat(arguments.Select(argument => $"<{argument}>")), outcome.Text());
    }

    [Fact]
    public void Environment_is_the_path_what_was_given_and_home()
    {
        var given = new Dictionary<string, string> { ["A"] = "1", ["B"] = "x=y z" };
        var outcome = Run(Creation(["env"], creation => creation with { Environment = given }));

        Assert.Equal(
            [
                "A=1", "B=x=y z", "HOME=/root", $"HOSTNAME={outcome.Container.Id[..12]}",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ],
            outcome.Output.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "uid=0(root) gid=0(root) groups=0(root),29(audio)", "/root")]
    [InlineData("alice", "uid=1000(alice) gid=1000(alice) groups=29(audio),44(video),1000(alice)", "/home/alice")]
    [InlineData("1000", "uid=1000(alice) gid=1000(alice) groups=29(audio),44(video),1000(alice)", "/home/alice")]
    [InlineData("alice:video", "uid=1000(alice) gid=44(video) groups=44(video)", "/home/alice")]
    [InlineData("1000:5", "uid=1000(alice) gid=5(tty) groups=5(tty)", "/home/alice")]
    [InlineData("4711:4712", "uid=4711 gid=4712 groups=4712", "/")]
    [InlineData("4711", "uid=4711 gid=0(root) groups=0(root)", "/")]
    public void User_is_looked_up_inside(string user, string expected, string home) =>
        Assert.Equal($"{expected}\n{home}", Say("id; echo $HOME", creation => creation with { User = user }));

    [Theory]
    [InlineData("bob")]
    [InlineData("alice:staff")]
    public void Unknown_user_is_named_and_nothing_runs(string user)
    {
        var error = Assert.Throws<ContainerEngineException>(() => Say("id", creation => creation with { User = user }));

        Assert.Equal("ContainerStartFailed", error.ErrorId);
        Assert.Contains(user.Split(':')[^1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Working_directory_is_used() =>
        Assert.Equal("/home/alice", Say("pwd", creation => creation with { WorkingDirectory = "/home/alice" }));

    [Fact]
    public void Missing_working_directory_is_made() =>
        Assert.Equal("/srv/new/one\n755", Say("pwd; stat -c %a .", creation => creation with { WorkingDirectory = "/srv/new/one" }));

    [Fact]
    public void Working_directory_that_leads_out_stays_inside() =>
        Assert.Equal("/tmp", Say("pwd", creation => creation with { WorkingDirectory = "/../../../tmp" }));

    [Fact]
    public void Files_are_made_with_the_usual_mask() => Assert.Equal("0022", Say("umask"));

    [Fact]
    public void Limit_of_open_files_is_no_higher_than_the_hosts()
    {
        var inside = Say("ulimit -n; ulimit -Hn").Split('\n').Select(int.Parse).ToList();

        Assert.InRange(inside[0], 1024, inside[1]);
    }

    [Fact]
    public void Group_that_is_the_users_first_is_among_all_groups() => Assert.Equal(
        "4712",
        Run(Creation(
            ["sh", "-c", "grep ^Groups: /proc/self/status | cut -f 2 | tr -d ' '"],
            creation => creation with { User = "4711:4712" })).Text());

    [Fact]
    public void Entry_point_comes_before_the_command() => Assert.Equal(
        "a b", Run(Creation(["a", "b"], creation => creation with { Entrypoint = ["echo"] })).Text());
}
