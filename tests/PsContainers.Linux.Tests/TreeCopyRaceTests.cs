namespace PsContainers.Linux.Tests;

/// <summary>Somebody else is at work in the tree while it is copied.</summary>
public sealed class TreeCopyRaceTests : IDisposable
{
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-copy-").FullName;

    private string Source => Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;

    private string Outside => Directory.CreateDirectory(Path.Combine(_folder, "outside")).FullName;

    public void Dispose() => FileTree.Remove(_folder);

    [Theory]
    [InlineData("folder")]
    [InlineData("file")]
    public void Link_that_takes_a_name_is_never_followed(string name)
    {
        File.WriteAllText(Path.Combine(Outside, "secret"), "secret");
        Plant(name);
        File.CreateSymbolicLink(Path.Combine(Source, "link"), name == "file" ? "../outside/secret" : "../outside");
        var refused = 0;
        var copied = 0;

        using var source = DirectoryDescriptor.Open(Source);
        Race(() => source.TryExchange(name, "link"), target =>
        {
            try
            {
                TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
                copied++;
            }
            catch (LinuxException e)
            {
                Assert.Equal(Errno.EBUSY, e.Errno);
                Assert.EndsWith("it was replaced while it was read", e.Message, StringComparison.Ordinal);
                refused++;
            }

            foreach (var found in target.Names())
            {
                Assert.True(target.StatusOf(found) is { Kind: FileKind.SymbolicLink } or { Kind: FileKind.Regular, Size: 3 }
                    || target.OpenDirectory(found).Names().Count == 0);
            }
        });

        Assert.True(copied > 0, $"{copied} copies, {refused} refused");
    }

    [Fact]
    public void Link_that_takes_a_name_in_the_target_is_never_written_through()
    {
        for (var i = 0; i < 20; i++)
        {
            Directory.CreateDirectory(Path.Combine(Source, $"folder{i}/below"));
            File.WriteAllText(Path.Combine(Source, $"folder{i}/below/file"), "x");
        }

        using (var source = DirectoryDescriptor.Open(Source))
        {
            source.TryMakeNode("fifo", FileKind.Fifo);
        }

        File.SetUnixFileMode(Outside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var from = DirectoryDescriptor.Open(Source);
        DirectoryDescriptor? at = null;
        var gate = new Lock();
        Race(
            () =>
            {
                using var held = gate.EnterScope();
                foreach (var name in (string[])["folder1", "folder5", "fifo"])
                {
                    // What the copy made makes room for a link of the same name.
                    try
                    {
                        at?.Rename(name, at, $"moved {Guid.NewGuid():n}");
                        at?.TryMakeSymbolicLink(name, "../outside");
                    }
                    catch (LinuxException)
                    {
                    }
                }
            },
            target =>
            {
                at = target;
                try
                {
                    TreeCopy.Copy(from, target, TestContext.Current.CancellationToken);
                }
                catch (LinuxException)
                {
                }

                using var held = gate.EnterScope();
                at = null;
            });

        Assert.Empty(Directory.GetFileSystemEntries(Outside));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Outside));
    }

    [Fact]
    public void Names_that_come_and_go_are_there_or_not()
    {
        using var source = DirectoryDescriptor.Open(Source);
        File.WriteAllText(Path.Combine(Source, "constant"), "x");
        Race(
            () =>
            {
                Directory.CreateDirectory(Path.Combine(Source, "folder/below"));
                File.WriteAllText(Path.Combine(Source, "folder/file"), "x");
                File.CreateSymbolicLink(Path.Combine(Source, "link"), "x");
                FileTree.Remove(Path.Combine(Source, "folder"));
                File.Delete(Path.Combine(Source, "link"));
            },
            target =>
            {
                TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
                Assert.Contains("constant", target.Names());
            });
    }

    [Fact]
    public void Directory_that_is_moved_away_far_below_does_not_lead_elsewhere()
    {
        var chain = string.Join('/', Enumerable.Repeat("d", 130));
        Directory.CreateDirectory(Path.Combine(Source, chain, "e"));
        Directory.CreateDirectory(Path.Combine(_folder, "elsewhere"));
        using var source = DirectoryDescriptor.Open(Source);
        using var elsewhere = DirectoryDescriptor.Open(Path.Combine(_folder, "elsewhere"));
        using var upper = source.OpenInRoot(string.Join('/', Enumerable.Repeat("d", 20)));
        var refused = 0;
        Race(
            () =>
            {
                upper!.Rename("d", elsewhere, "d");
                elsewhere.Rename("d", upper, "d");
            },
            target =>
            {
                try
                {
                    TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
                }
                catch (LinuxException e) when (e.Errno == Errno.EBUSY)
                {
                    Assert.Contains("while it was read", e.Message, StringComparison.Ordinal);
                    refused++;
                }
            });

        Assert.True(refused > 0);
    }

    [Fact]
    public void File_that_shrinks_is_an_error_that_says_so()
    {
        using var source = DirectoryDescriptor.Open(Source);
        using var file = source.TryCreateFile("file")!;
        var refused = 0;
        Race(
            () =>
            {
                file.SetLength(0);
                file.WriteAt(new byte[8 << 20], 0);
            },
            target =>
            {
                try
                {
                    TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
                }
                catch (LinuxException e) when (e.Errno == Errno.EBUSY)
                {
                    Assert.Equal(
                        $"copy {Source}/file: Device or resource busy (EBUSY): it became shorter while it was read", e.Message);
                    refused++;
                }
            });

        Assert.True(refused > 0);
    }

    private void Plant(string name)
    {
        if (name == "file")
        {
            File.WriteAllText(Path.Combine(Source, name), "own");
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(Source, name));
        }
    }

    // Each copy into a new target, for some seconds, while another thread does the same thing over and over.
    private void Race(Action disturb, Action<DirectoryDescriptor> copy)
    {
        using var stop = new CancellationTokenSource(_duration);
        Exception? failure = null;
        var disturber = new Thread(() =>
        {
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    disturb();
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        disturber.Start();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var path = Directory.CreateDirectory(Path.Combine(_folder, $"target{i}")).FullName;
            using (var target = DirectoryDescriptor.Open(path))
            {
                copy(target);
            }

            FileTree.Remove(path);
        }

        disturber.Join();
        Assert.Null(failure);
    }
}
