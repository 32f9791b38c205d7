using PsContainers.Engine.Logs;

namespace PsContainers.Engine.Tests.Logs;

public sealed class LogReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-log-").FullName;

    private string LogPath => Path.Combine(_folder, "log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_file_there_is_nothing_to_read()
    {
        using var reader = NewReader();

        Assert.Empty(ReadOn(reader));
    }

    [Fact]
    public void A_file_that_appears_later_is_read()
    {
        using var reader = NewReader();
        Assert.Empty(ReadOn(reader));

        Append("one");

        Assert.Equal(["one"], ReadOn(reader));
    }

    [Fact]
    public void Older_files_are_read_first()
    {
        Append("one");
        Rotate();
        Append("two");
        Rotate();
        Append("three");

        using var reader = NewReader();

        Assert.Equal(["one", "two", "three"], ReadOn(reader));
    }

    [Fact]
    public void Reading_goes_on_where_it_stopped()
    {
        Append("one");
        using var reader = NewReader();
        Assert.Equal(["one"], ReadOn(reader));
        Assert.Empty(ReadOn(reader));

        Append("two");
        Append("three");

        Assert.Equal(["two", "three"], ReadOn(reader));
    }

    [Fact]
    public void A_rotation_between_two_reads_loses_nothing()
    {
        Append("one");
        using var reader = NewReader();
        Assert.Equal(["one"], ReadOn(reader));

        Append("two");
        Rotate();
        Append("three");

        Assert.Equal(["two", "three"], ReadOn(reader));
    }

    [Fact]
    public void Several_rotations_between_two_reads_lose_nothing()
    {
        Append("one");
        using var reader = NewReader();
        Assert.Equal(["one"], ReadOn(reader));

        foreach (var text in (string[])["two", "three", "four"])
        {
            Append(text);
            Rotate();
        }

        Append("five");

        Assert.Equal(["two", "three", "four", "five"], ReadOn(reader));
    }

    [Fact]
    public void A_file_that_was_rotated_away_is_still_read_to_its_end()
    {
        Append("one");
        using var reader = NewReader();
        Assert.Equal(["one"], ReadOn(reader));

        Append("two");
        Rotate(files: 1);
        Append("three");
        Rotate(files: 1);
        Append("four");

        Assert.Equal(["two", "three", "four"], ReadOn(reader));
    }

    [Fact]
    public void A_rotation_while_the_old_files_are_being_read_repeats_nothing()
    {
        Append("one");
        Rotate();
        Append("two");
        using var reader = NewReader();
        var entries = new Queue<ContainerLogEntry>();
        Assert.True(reader.Read(entries));

        Rotate();
        Append("three");

        Assert.Equal(["one"], Texts(entries));
        Assert.Equal(["two", "three"], ReadOn(reader));
    }

    [Fact]
    public void A_line_may_begin_in_one_file_and_end_in_the_next()
    {
        Append("one ", 'P');
        Rotate();
        Append("line");

        using var reader = NewReader();

        Assert.Equal(["one line"], ReadOn(reader));
    }

    // rename(2), then open(2): for a moment, and for good when the supervisor is killed between the two, the newest name is missing.
    [Fact]
    public void In_the_middle_of_a_rotation_the_older_files_are_read()
    {
        Append("one");
        Rotate();
        Append("two");
        Rotate();

        using var reader = NewReader();

        Assert.Equal(["one", "two"], ReadOn(reader));
        Append("three");
        Assert.Equal(["three"], ReadOn(reader));
    }

    [Fact]
    public void A_rotation_that_stopped_between_older_files_hides_none()
    {
        Append("one");
        Rotate();
        Append("two");
        File.Move(LogPath + ".1", LogPath + ".2");

        using var reader = NewReader();

        Assert.Equal(["one", "two"], ReadOn(reader));
    }

    [Fact]
    public void In_the_middle_of_a_rotation_nothing_is_repeated()
    {
        Append("one");
        Rotate();
        Append("two");
        using var reader = NewReader();
        Assert.Equal(["one", "two"], ReadOn(reader));

        Rotate();
        Assert.Empty(ReadOn(reader));
        Append("three");

        Assert.Equal(["three"], ReadOn(reader));
    }

    [Fact]
    public void Nothing_is_lost_or_repeated_while_somebody_writes_and_rotates()
    {
        const int Lines = 1500;
        using var reader = NewReader();
        var read = new List<string>();
        var writing = new Thread(() =>
        {
            for (var i = 0; i < Lines; i++)
            {
                Append($"{i}");
                if (i % 20 == 19)
                {
                    Rotate(files: 90);
                }
            }
        });

        writing.Start();
        while (writing.IsAlive)
        {
            read.AddRange(ReadOn(reader));
        }

        writing.Join();
        read.AddRange(ReadOn(reader));

        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"{i}"), read);
    }

    [Fact]
    public void A_removed_log_ends_the_reading()
    {
        Append("one");
        using var reader = NewReader();
        Assert.Equal(["one"], ReadOn(reader));

        File.Delete(LogPath);

        Assert.Empty(ReadOn(reader));
    }

    [Fact]
    public void More_than_a_buffer_is_read_whole()
    {
        var lines = Enumerable.Range(0, 3000).Select(i => $"{i} {new string('x', 100)}").ToList();
        File.WriteAllText(LogPath, string.Concat(lines.Select(line => LogText.Line(line))));

        using var reader = NewReader();

        Assert.Equal(lines, ReadOn(reader));
    }

    private LogReader NewReader() => new(LogPath, "web");

    private void Append(string text, char tag = 'F') => File.AppendAllText(LogPath, LogText.Line(text, tag: tag));

    // As the supervisor does it: from the oldest to the newest, each name taken over from the one before.
    private void Rotate(int files = 9)
    {
        for (var number = files; number > 0; number--)
        {
            var newer = number == 1 ? LogPath : $"{LogPath}.{number - 1}";
            if (File.Exists(newer))
            {
                File.Move(newer, $"{LogPath}.{number}", overwrite: true);
            }
        }
    }

    private static List<string> ReadOn(LogReader reader)
    {
        var entries = new Queue<ContainerLogEntry>();
        while (reader.Read(entries))
        {
        }

        return Texts(entries);
    }

    private static List<string> Texts(Queue<ContainerLogEntry> entries) => [.. entries.Select(entry => entry.Text)];
}
