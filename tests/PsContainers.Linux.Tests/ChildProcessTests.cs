namespace PsContainers.Linux.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public void Child_sees_exactly_the_descriptors_it_was_given()
    {
        PipeEnd.Create(out var reader, out var writer);
        using var nothing = NullDevice.Open();
        using var file = MemoryFile.Create("words", "hello"u8);

        var child = ChildProcess.Spawn(
            "/bin/sh",
            ["sh", "-c", "cat /proc/self/fd/3 >&4; ls /proc/$$/fd >&4"],
            [(nothing, 0), (nothing, 1), (nothing, 2), (file, 3), (writer, 4)]);
        writer.Dispose();
        var text = ReadAll(reader);

        Assert.Equal(0, ChildProcess.Wait(child));
        var words = text["hello".Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("hello", text, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2", "3", "4"], words.Where(w => int.Parse(w, null) < 10));
    }

    [Fact]
    public void Signal_that_ended_a_child_shows_in_its_code()
    {
        using var nothing = NullDevice.Open();

        var child = ChildProcess.Spawn("/bin/sh", ["sh", "-c", "kill -9 $$"], [(nothing, 0)]);

        Assert.Equal(137, ChildProcess.Wait(child));
    }

    [Fact]
    public void Missing_program_is_named()
    {
        var error = Assert.Throws<LinuxException>(() => ChildProcess.Spawn("/no/such/program", ["x"], []));

        Assert.Equal("posix_spawn(/no/such/program): No such file or directory (ENOENT)", error.Message);
    }

    [Fact]
    public void Sealed_memory_file_cannot_be_changed()
    {
        using var file = MemoryFile.Create("plan", "fixed"u8);
        using var nothing = NullDevice.Open();

        var child = ChildProcess.Spawn("/bin/sh", ["sh", "-c", "echo more >&3"], [(nothing, 1), (nothing, 2), (file, 3)]);

        Assert.NotEqual(0, ChildProcess.Wait(child));
    }

    [Fact]
    public void Child_gets_the_environment_and_the_directory_that_it_was_given()
    {
        PipeEnd.Create(out var reader, out var writer);

        var child = ChildProcess.Spawn(
            "/bin/sh", ["sh", "-c", "echo $A $HOME; pwd"], [(writer, 1)], environment: ["A=b c"], directory: "/proc");
        writer.Dispose();

        Assert.Equal("b c\n/proc\n", ReadAll(reader));
        Assert.Equal(0, ChildProcess.Wait(child));
    }

    [Fact]
    public void Signal_to_a_group_reaches_the_childs_children()
    {
        PipeEnd.Create(out var reader, out var writer);
        var child = ChildProcess.Spawn("/bin/sh", ["sh", "-c", "sleep 60 & echo; wait"], [(writer, 1)]);
        writer.Dispose();
        reader.Read(new byte[1]);

        ChildProcess.SignalGroup(child, 9);

        Assert.Equal("", ReadAll(reader)); // ends when nobody has the other end any more
        Assert.Equal(137, ChildProcess.Wait(child));
    }

    [Fact]
    public void Write_gives_up_on_a_reader_that_takes_nothing()
    {
        PipeEnd.Create(out var reader, out var writer);

        var error = Assert.Throws<LinuxException>(() => writer.TryWrite(new byte[1 << 20], TimeSpan.FromMilliseconds(50)));
        reader.Dispose();

        Assert.Equal(Errno.ETIMEDOUT, error.Errno);
        Assert.False(writer.TryWrite([1], TimeSpan.FromMilliseconds(50)));
    }

    private static string ReadAll(PipeEnd reader)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = reader.Read(buffer)) > 0)
        {
            copy.Write(buffer, 0, read);
        }

        reader.Dispose();
        return System.Text.Encoding.UTF8.GetString(copy.ToArray());
    }
}
