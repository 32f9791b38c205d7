using System.Text;
using PsContainers.Engine.Logs;

namespace PsContainers.Engine.Tests.Logs;

public sealed class LineSplitterTests
{
    private readonly List<string> _lines = [];
    private readonly LineSplitter _splitter;

    public LineSplitterTests() => _splitter = new LineSplitter(_lines.Add);

    [Fact]
    public void Lines_come_without_their_ends()
    {
        Add("one\ntwo\n\nthree\n");

        Assert.Equal(["one", "two", "", "three"], _lines);
    }

    [Fact]
    public void A_line_may_arrive_in_pieces()
    {
        Add("o");
        Add("n");
        Assert.Empty(_lines);

        Add("e\ntw");

        Assert.Equal(["one"], _lines);
    }

    [Fact]
    public void What_has_no_line_end_comes_at_the_end()
    {
        Add("one\ntwo");
        Assert.Equal(["one"], _lines);

        _splitter.End();

        Assert.Equal(["one", "two"], _lines);
    }

    [Fact]
    public void Nothing_comes_at_the_end_when_the_last_line_was_whole()
    {
        Add("one\n");

        _splitter.End();

        Assert.Equal(["one"], _lines);
    }

    [Fact]
    public void A_character_may_arrive_byte_by_byte()
    {
        foreach (var b in Encoding.UTF8.GetBytes("a€😀ü\nb"))
        {
            _splitter.Add([b]);
        }

        _splitter.End();

        Assert.Equal(["a€😀ü", "b"], _lines);
    }

    [Fact]
    public void Half_a_character_at_the_end_is_replaced()
    {
        _splitter.Add([(byte)'a', 0xe2, 0x82]);

        _splitter.End();

        Assert.Equal(["a\ufffd"], _lines);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced()
    {
        _splitter.Add([0xff, (byte)'\n', (byte)'b', (byte)'\n']);

        Assert.Equal(["\ufffd", "b"], _lines);
    }

    [Fact]
    public void A_carriage_return_belongs_to_the_line()
    {
        Add("50 %\r100 %\r\n");

        Assert.Equal(["50 %\r100 %\r"], _lines);
    }

    [Fact]
    public void A_line_without_end_comes_in_parts_and_loses_nothing()
    {
        var piece = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        for (var i = 0; i < 20; i++)
        {
            _splitter.Add(piece);
        }

        Assert.Single(_lines);
        Add("\n");

        Assert.Equal(2, _lines.Count);
        Assert.Equal(20 << 20, _lines.Sum(line => line.Length));
    }

    private void Add(string text) => _splitter.Add(Encoding.UTF8.GetBytes(text));
}
