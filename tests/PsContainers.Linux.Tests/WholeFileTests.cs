using System.Text;

namespace PsContainers.Linux.Tests;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(100_000)]
    public void What_is_written_is_read(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        WholeFile.Create(Path("file"), content);
        Assert.Equal(content, WholeFile.TryRead(Path("file")));
    }

    [Fact]
    public void A_file_of_the_kernel_that_tells_no_length_is_read_whole() =>
        Assert.Equal(File.ReadAllText("/proc/self/mountinfo"), WholeFile.TryReadText("/proc/self/mountinfo"));

    [Fact]
    public void No_more_is_read_than_the_limit()
    {
        WholeFile.Create(Path("file"), new byte[10_000]);
        Assert.Equal(1000, WholeFile.TryRead(Path("file"), limit: 1000)!.Length);
        Assert.Equal(100, WholeFile.TryRead(Path("file"), limit: 100)!.Length);
        Assert.Equal(4000, WholeFile.TryRead("/dev/zero", limit: 4000)!.Length);
    }

    [Fact]
    public void What_is_not_there_or_has_ended_reads_as_nothing()
    {
        Assert.Null(WholeFile.TryRead(Path("file")));
        Assert.Null(WholeFile.TryRead("/proc/self/stat/deeper"));
        Assert.Null(WholeFile.TryRead($"/proc/{int.MaxValue}/stat"));
    }

    [Fact]
    public void A_folder_is_no_file_and_the_error_says_so()
    {
        var error = Assert.Throws<LinuxException>(() => WholeFile.TryRead(_directory));
        Assert.Equal(Errno.EISDIR, error.Errno);
        Assert.Contains(_directory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_is_not_written_over()
    {
        WholeFile.Create(Path("file"), "first"u8);
        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => WholeFile.Create(Path("file"), "second"u8)).Errno);
        Assert.Equal("first", File.ReadAllText(Path("file"), Encoding.UTF8));
    }

    [Fact]
    public void A_new_name_replaces_what_had_it()
    {
        WholeFile.Create(Path("file"), "new"u8);
        WholeFile.Create(Path("taken"), "old"u8);
        WholeFile.Rename(Path("file"), Path("taken"));
        Assert.Equal("new", WholeFile.TryReadText(Path("taken")));
        Assert.False(File.Exists(Path("file")));
    }

    private string Path(string name) => System.IO.Path.Join(_directory, name);
}
