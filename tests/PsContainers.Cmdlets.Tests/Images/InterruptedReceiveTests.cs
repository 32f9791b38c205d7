using System.Diagnostics;
using System.Globalization;
using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Images;

/// <summary>A download that is stopped half-way; needs root.</summary>
public sealed class InterruptedReceiveTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly HangingRegistry _registry = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-interrupted-").FullName;

    public InterruptedReceiveTests() => Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);

    private string Root => Path.Join(_folder, "root");

    public void Dispose()
    {
        _registry.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task Download_that_is_stopped_goes_on_where_it_was(string signal)
    {
        using var first = Start();
        await _registry.Hanging.WaitAsync(_patience);
        await UntilAsync(() => Part is not null);

        Process.Start("/bin/kill", [$"-{signal}", first.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

        Assert.True(first.WaitForExit(_patience));
        var part = Part!.Length;
        Assert.Equal("", await first.StandardOutput.ReadToEndAsync());
        if (signal == "INT")
        {
            Assert.Empty(Directory.GetFileSystemEntries(Path.Join(Root, "ingest")));
        }

        _registry.IsHanging = false;
        using var second = Start();
        var result = Psc.Finish(second);

        Assert.Equal("", result.Error);
        Assert.Equal([$"{_registry.Host}/hanging:1"], result.Lines);
        Assert.Equal([0, part], _registry.Offsets);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Join(Root, "ingest")));
        Assert.Null(Part);
    }

    // What is there of the layer: of its lock, which a killed session leaves, there is nothing.
    private FileInfo? Part => Directory.Exists(Path.Join(Root, "downloads"))
        ? new DirectoryInfo(Path.Join(Root, "downloads")).GetFiles().SingleOrDefault(file => file.Extension != ".lock" && file.Length > 0)
        : null;

    private Process Start()
    {
        var process = Psc.Start(
            ["-NonInteractive", "-Command", $"(Receive-ContainerImage {_registry.Host}/hanging:1 -AllowInsecure).Name"],
            Root, Path.Join(_folder, "run"));
        process.StandardInput.Close();
        return process;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow + _patience; !condition(); await Task.Delay(20))
        {
            Assert.True(DateTime.UtcNow < end);
        }
    }
}
