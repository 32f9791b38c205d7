using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class DescriptorTests(TestHost host) : OciTest(host)
{
    // What ls itself opens comes last.
    private const string List = "for f in /proc/self/fd/*; do echo ${f##*/}; done";

    // A caller with twenty files open that it did not mark.
    private const string Leaky = "for i in 3 4 5 6 7 8 9; do eval \"exec $i</etc/passwd\"; done; exec \"$@\"";

    private static readonly string[] _leaky = ["/bin/bash", "-c", Leaky + " 10</etc/group 11</etc/group", "bash"];

    [Fact]
    public void Run_passes_no_descriptor_of_the_caller()
    {
        Bundle.Script(List).Write(OciBundle.Id);

        var result = Bundle.RuntimeBelow(_leaky, "run", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.Equal("0\n1\n2", WithoutOwn(result.Text()));
    }

    [Fact]
    public void Create_and_start_pass_no_descriptor_of_the_caller()
    {
        Bundle.Script($"exec > /tmp/list; {List}; echo x > /tmp/done").Write(OciBundle.Id);
        Bundle.RuntimeBelow(_leaky, "create", "--bundle", Bundle.Folder, OciBundle.Id).Text();
        Bundle.RuntimeBelow(_leaky, "start", OciBundle.Id).Text();

        WaitForFile(Path.Join(Bundle.RootPath, "tmp/done"));

        Assert.Equal("0\n1\n2", WithoutOwn(File.ReadAllText(Path.Join(Bundle.RootPath, "tmp/list")).TrimEnd()));
    }

    [Fact]
    public void Exec_passes_no_descriptor_of_the_caller()
    {
        Bundle.StartDetached();

        Assert.Equal("0\n1\n2", WithoutOwn(Bundle.RuntimeBelow(_leaky, "exec", OciBundle.Id, "sh", "-c", List).Text()));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("exec")]
    public void Descriptors_asked_for_are_passed_under_their_numbers(string command)
    {
        const string show = "cat <&3 | head -n 1; cat <&4 | head -n 1; test -e /proc/self/fd/5 && echo five; true";
        File.WriteAllText(Bundle.In("three"), "third\n");
        File.WriteAllText(Bundle.In("four"), "fourth\n");
        string[] caller = ["/bin/bash", "-c", $"exec 3<{Bundle.In("three")} 4<{Bundle.In("four")} 5</etc/passwd; exec \"$@\"", "bash"];
        if (command == "exec")
        {
            Bundle.StartDetached();
        }
        else
        {
            Bundle.Script(show).Write(OciBundle.Id);
        }

        var result = command == "exec"
            ? Bundle.RuntimeBelow(caller, "exec", "--preserve-fds", "2", OciBundle.Id, "sh", "-c", show)
            : Bundle.RuntimeBelow(caller, "run", "--preserve-fds=2", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.Equal("third\nfourth", result.Text());
    }

    [Fact]
    public void Descriptors_asked_for_survive_create_and_start()
    {
        File.WriteAllText(Bundle.In("three"), "third\n");
        Bundle.Script("cat <&3 > /tmp/got").Write(OciBundle.Id);
        string[] caller = ["/bin/bash", "-c", $"exec 3<{Bundle.In("three")}; exec \"$@\"", "bash"];
        Bundle.RuntimeBelow(caller, "create", "--preserve-fds", "1", "--bundle", Bundle.Folder, OciBundle.Id).Text();

        Bundle.Runtime("start", OciBundle.Id).Text();

        Assert.Equal("third\n", WaitForFile(Path.Join(Bundle.RootPath, "tmp/got")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("exec")]
    public void More_asked_for_than_there_are_is_an_error(string command)
    {
        string[] caller = ["/bin/bash", "-c", "for ((i = 3; i < 256; i++)); do eval \"exec $i>&-\"; done; exec \"$@\"", "bash"];
        if (command == "exec")
        {
            Bundle.StartDetached();
        }
        else
        {
            Bundle.Script(List).Write(OciBundle.Id);
        }

        var result = command == "exec"
            ? Bundle.RuntimeBelow(caller, "exec", "--preserve-fds", "20", OciBundle.Id, "sh", "-c", List)
            : Bundle.RuntimeBelow(caller, "run", "--preserve-fds", "20", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("--preserve-fds: not as many descriptors are open", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_of_an_activation_are_passed_and_announced()
    {
        Bundle.Script("echo $LISTEN_FDS $LISTEN_PID $$; cat <&3; test -e /proc/self/fd/4 && echo four; true").Write(OciBundle.Id);
        File.WriteAllText(Bundle.In("three"), "third\n");
        string[] caller =
            ["/bin/bash", "-c", $"exec 3<{Bundle.In("three")} 4</etc/passwd; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"", "bash"];

        Assert.Equal("1 1 1\nthird", Bundle.RuntimeBelow(caller, "run", "--bundle", Bundle.Folder, OciBundle.Id).Text());
    }

    [Fact]
    public void Sockets_of_an_activation_are_not_for_a_further_process()
    {
        Bundle.StartDetached();
        string[] caller = ["/bin/bash", "-c", "exec 3</etc/passwd; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"", "bash"];
        const string Show = "env | grep LISTEN; test -e /proc/$$/fd/3 && echo three; true";

        Assert.Equal("", Bundle.RuntimeBelow(caller, "exec", OciBundle.Id, "sh", "-c", Show).Text());
        Assert.Equal("three", Bundle.RuntimeBelow(caller, "exec", "--preserve-fds", "1", OciBundle.Id, "sh", "-c", Show).Text());
    }

    [Fact]
    public void Standard_streams_that_the_caller_closed_are_not_taken_by_files_of_the_runtime()
    {
        Bundle.Script("readlink /proc/$$/fd/0; readlink /proc/$$/fd/2; true").Write(OciBundle.Id);
        string[] caller = ["/bin/bash", "-c", "exec 0<&- 2>&-; exec \"$@\"", "bash"];

        var result = Bundle.RuntimeBelow(caller, "run", "--bundle", Bundle.Folder, OciBundle.Id);

        Assert.DoesNotContain("memfd", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("socket", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_that_is_none_is_named()
    {
        Assert.Contains("--preserve-fds", Refused(Bundle.Run("--preserve-fds", "many")), StringComparison.Ordinal);
        Assert.Contains("--preserve-fds", Refused(Bundle.Run("--preserve-fds", "-1")), StringComparison.Ordinal);
    }

    // The shell's folder for the pattern, which is closed when the names are printed.
    private static string WithoutOwn(string list) => string.Join('\n', list.Split('\n').Where(name => name != "3"));
}
