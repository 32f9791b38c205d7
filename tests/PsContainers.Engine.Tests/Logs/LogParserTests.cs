using PsContainers.Engine.Logs;

namespace PsContainers.Engine.Tests.Logs;

public sealed class LogParserTests
{
    private readonly LogParser _parser = new("web");
    private readonly Queue<ContainerLogEntry> _entries = new();

    [Fact]
    public void A_line_becomes_an_entry_in_local_time()
    {
        Add(LogText.Line("hello", second: 7));

        var entry = Assert.Single(_entries);
        Assert.Equal(("web", OutputStream.StandardOutput, "hello"), (entry.Container, entry.Stream, entry.Text));
        Assert.Equal(DateTimeKind.Local, entry.Timestamp.Kind);
        Assert.Equal(Sample.Time.AddSeconds(7), entry.Timestamp.ToUniversalTime());
    }

    [Fact]
    public void Parts_become_one_entry_with_the_time_of_the_first()
    {
        Add(LogText.Line("one ", tag: 'P', second: 1) + LogText.Line("two ", tag: 'P', second: 2));
        Add(LogText.Line("three", second: 3) + LogText.Line("next", second: 4));

        Assert.Equal(["one two three", "next"], Texts());
        Assert.Equal([1, 4], _entries.Select(entry => entry.Timestamp.Second));
    }

    [Fact]
    public void Parts_of_the_two_streams_do_not_mix()
    {
        Add(LogText.Line("out ", tag: 'P') + LogText.Line("err ", "stderr", 'P') + LogText.Line("more", "stderr") + LogText.Line("more"));

        Assert.Equal(["err more", "out more"], Texts());
        Assert.Equal([OutputStream.StandardError, OutputStream.StandardOutput], _entries.Select(entry => entry.Stream));
    }

    [Fact]
    public void A_character_may_be_split_between_parts()
    {
        _parser.Add(LogText.Line([(byte)'a', 0xe2, 0x82], 'P'), _entries);
        _parser.Add(LogText.Line([0xac, (byte)'b'], 'F'), _entries);

        Assert.Equal(["a€b"], Texts());
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        _parser.Add(LogText.Line([(byte)'a', 0xff, (byte)'b'], 'F'), _entries);

        Assert.Equal(["a\ufffdb"], Texts());
    }

    [Fact]
    public void A_log_may_be_read_in_pieces_of_any_length()
    {
        var log = LogText.Bytes(
            LogText.Line("first €") + LogText.Line("part ", tag: 'P') + LogText.Line("whole") + LogText.Line("error", "stderr"));
        for (var length = 1; length <= log.Length; length++)
        {
            _entries.Clear();
            foreach (var piece in log.Chunk(length))
            {
                _parser.Add(piece, _entries);
            }

            Assert.Equal(["first €", "part whole", "error"], Texts());
        }
    }

    [Fact]
    public void Lines_that_cannot_be_read_are_passed_over()
    {
        Add(LogText.Line("before") + "torn by a power cut\n" + "\n" + new string('\0', 100) + "\n" + LogText.Line("after"));

        Assert.Equal(["before", "after"], Texts());
    }

    [Fact]
    public void A_line_that_cannot_be_read_does_not_break_the_parts_around_it()
    {
        Add(LogText.Line("one ", tag: 'P') + "torn\n" + LogText.Line("two"));

        Assert.Equal(["one two"], Texts());
    }

    [Fact]
    public void What_never_got_a_line_end_comes_at_the_end()
    {
        Add(LogText.Line("prompt> ", tag: 'P', second: 5) + LogText.Line("oops", "stderr", 'P', second: 6));
        Assert.Empty(_entries);

        _parser.End(_entries);

        Assert.Equal(["prompt> ", "oops"], Texts());
        Assert.Equal([5, 6], _entries.Select(entry => entry.Timestamp.Second));
    }

    [Fact]
    public void The_end_comes_once()
    {
        Add(LogText.Line("prompt> ", tag: 'P'));

        _parser.End(_entries);
        _parser.End(_entries);

        Assert.Single(_entries);
    }

    [Fact]
    public void Half_a_line_of_the_file_is_nothing_yet()
    {
        Add(LogText.Line("hello")[..^1]);
        Assert.Empty(_entries);

        Add("\n");

        Assert.Equal(["hello"], Texts());
    }

    private void Add(string log) => _parser.Add(LogText.Bytes(log), _entries);

    private IEnumerable<string> Texts() => _entries.Select(entry => entry.Text);
}
