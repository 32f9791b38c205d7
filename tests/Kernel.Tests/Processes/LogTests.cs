using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Processes;

public sealed class LogTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Streams_are_told_apart()
    {
        var container = Finished("echo out; echo err >&2");

        Assert.Equal(["out"], Log(container, OutputStream.StandardOutput));
        Assert.Equal(["err"], Log(container, OutputStream.StandardError));
    }

    [Fact]
    public void Foreground_output_is_in_the_log_too()
    {
        var outcome = Run("echo out; echo err >&2", creation => creation with { RemoveOnExit = false });

        Assert.Equal(["err", "out"], Log(outcome.Container).Order(StringComparer.Ordinal));
        Assert.Equal("out", outcome.Text());
        Assert.Equal(["err"], outcome.Error);
    }

    [Fact]
    public void Line_without_end_is_a_line() => Assert.Equal(["first", "last"], Log(Finished("echo first; printf last")));

    [Fact]
    public void Line_without_end_is_not_continued_by_the_next_start()
    {
        var container = Finished("printf first");

        Wait(Services.StartContainer.Execute(container.Id));

        Assert.Equal(["first", "first"], Log(container));
    }

    [Fact]
    public void Line_written_in_pieces_is_one_line() =>
        Assert.Equal(["onetwothree"], Log(Finished("printf one; sleep 0.1; printf two; sleep 0.1; echo three")));

    [Fact]
    public void Long_line_stays_whole()
    {
        var container = Finished("head -c 200000 /dev/zero | tr '\\0' x; echo");

        Assert.Equal([200_000], Log(container).Select(line => line.Length));
    }

    [Fact]
    public void Empty_lines_are_kept() => Assert.Equal(["", "a", "", "b"], Log(Finished("echo; echo a; echo; echo b")));

    [Fact]
    public void Bytes_that_are_no_text_do_no_harm()
    {
        var container = Finished("printf 'a\\000b\\377c\\rd\\n'; echo next");

        var lines = Log(container);
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("a\0b", lines[0], StringComparison.Ordinal);
        Assert.Equal("next", lines[1]);
    }

    [Fact]
    public void Log_file_has_the_form_that_other_tools_read()
    {
        var container = Finished("echo out");

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout F out\n$", File.ReadAllText(container.LogPath));
    }

    [Fact]
    public void Full_log_is_rotated_and_bounded()
    {
        // 64 MiB in lines of 64 bytes, against 16 MiB a file and two older ones.
        var container = Finished("yes 123456789012345678901234567890123456789012345678901234567890123 | head -n 1000000; echo end");

        var files = Directory.GetFiles(Path.GetDirectoryName(container.LogPath)!, "log*");
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 18 << 20));
        Assert.Equal(["end"], Services.ReadLog.Execute(container.Id, new LogQuery { Tail = 1 }).Select(entry => entry.Text));
    }

    [Fact]
    public void Log_without_any_line_end_is_bounded_too()
    {
        var container = Finished("head -c 64000000 /dev/zero | tr '\\0' x");

        var files = Directory.GetFiles(Path.GetDirectoryName(container.LogPath)!, "log*");
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, 54 << 20);
    }

    [Fact]
    public void Last_lines_can_be_asked_for() => Assert.Equal(
        ["4", "5"], Services.ReadLog.Execute(Finished("seq 5").Id, new LogQuery { Tail = 2 }).Select(entry => entry.Text));

    [Fact]
    public void Following_ends_with_the_container()
    {
        var container = Start("for i in 1 2 3; do echo $i; sleep 0.2; done");

        Assert.Equal(["1", "2", "3"], Services.ReadLog.Execute(container.Id, new LogQuery { Follow = true }).Select(entry => entry.Text));
    }

    private Container Finished(string script) => Wait(Start(script));
}
