using PsContainers.Engine.Containers;
using PsContainers.Engine.Tests.Logs;

namespace PsContainers.Engine.Tests.Containers;

[Collection(nameof(TimeZoneOfProcess))]
public sealed class ReadLogTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly string _id = Sample.Id("c0ffee");
    private readonly ReadLog _readLog;

    public ReadLogTests()
    {
        _sandbox.Add(Sample.Container());
        _readLog = new ReadLog(_sandbox.Paths, new ContainerLookup(_sandbox.Containers));
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_container_that_was_never_started_has_no_lines()
    {
        Assert.Empty(Texts(new LogQuery()));
        Assert.Empty(Texts(new LogQuery { Tail = 3 }));
    }

    [Fact]
    public void All_lines_are_read_with_the_last_one_that_has_no_end()
    {
        Write(LogText.Line("one") + LogText.Line("two") + LogText.Line("three", tag: 'P'));

        Assert.Equal(["one", "two", "three"], Texts(new LogQuery()));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(-1, "")]
    [InlineData(1, "three")]
    [InlineData(2, "two three")]
    [InlineData(9, "one two three")]
    public void Only_the_last_lines_are_read_when_that_is_asked_for(int tail, string expected)
    {
        Write(LogText.Line("one") + LogText.Line("two") + LogText.Line("three", tag: 'P'));

        Assert.Equal(expected, string.Join(' ', Texts(new LogQuery { Tail = tail })));
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Local)]
    public void Only_lines_from_a_moment_on_are_read_when_that_is_asked_for(DateTimeKind kind)
    {
        Write(LogText.Line("one", second: 1) + LogText.Line("two", second: 2) + LogText.Line("three", second: 3));
        var since = Sample.Time.AddSeconds(2);
        since = kind == DateTimeKind.Utc ? since : since.ToLocalTime();

        Assert.Equal(["two", "three"], Texts(new LogQuery { Since = since }));
        Assert.Equal(["three"], Texts(new LogQuery { Since = since, Tail = 1 }));
        Assert.Equal(["two", "three"], Texts(new LogQuery { Since = since, Tail = 3 }));
    }

    // What a user types has no kind, and means the clock on the wall.
    [Fact]
    public void A_moment_of_no_kind_is_local()
    {
        Assert.SkipUnless(File.Exists("/usr/share/zoneinfo/Asia/Kolkata"), "needs time zones (Debian package tzdata)");
        Write(LogText.Line("one", second: 1) + LogText.Line("two", second: 2));
        using var zone = new TimeZoneOfProcess("Asia/Kolkata");
        var typed = DateTime.SpecifyKind(Sample.Time.AddSeconds(2).ToLocalTime(), DateTimeKind.Unspecified);
        Assert.NotEqual(Sample.Time.AddSeconds(2).Hour, typed.Hour);

        Assert.Equal(["two"], Texts(new LogQuery { Since = typed }));
    }

    [Fact]
    public void Following_a_container_that_does_not_run_ends_at_once()
    {
        Write(LogText.Line("one"));

        Assert.Equal(["one"], Texts(new LogQuery { Follow = true }));
    }

    [Fact]
    public void Following_goes_on_until_the_container_ends()
    {
        var run = _sandbox.Run(_id);
        run.WriteLiveState();
        Write(LogText.Line("one") + LogText.Line("two"));
        using var lines = _readLog.Execute("web", new LogQuery { Follow = true, Tail = 1 }).GetEnumerator();

        Assert.Equal("two", Next(lines));
        Write(LogText.Line("three"));
        Assert.Equal("three", Next(lines));
        Write(LogText.Line("four", tag: 'P'));
        run.WriteExit(0, Sample.Time);
        Assert.Equal("four", Next(lines));

        Assert.False(lines.MoveNext());
    }

    [Fact]
    public void Following_ends_when_it_is_cancelled()
    {
        _sandbox.Run(_id).WriteLiveState();
        using var source = new CancellationTokenSource();
        using var lines = _readLog.Execute("web", new LogQuery { Follow = true }, source.Token).GetEnumerator();

        source.CancelAfter(50);

        Assert.Throws<OperationCanceledException>(() => lines.MoveNext());
    }

    [Fact]
    public void An_unknown_container_is_told_before_the_first_line_is_asked_for()
    {
        var error = Assert.Throws<ContainerEngineException>(() => _readLog.Execute("none", new LogQuery()));

        Assert.Equal("ContainerNotFound", error.ErrorId);
    }

    private static string Next(IEnumerator<ContainerLogEntry> lines)
    {
        Assert.True(lines.MoveNext());
        return lines.Current.Text;
    }

    private List<string> Texts(LogQuery query) => [.. _readLog.Execute("web", query).Select(entry => entry.Text)];

    private void Write(string text)
    {
        Directory.CreateDirectory(_sandbox.Paths.ContainerDirectory(_id));
        File.AppendAllText(_sandbox.Paths.LogOf(_id), text);
    }
}
