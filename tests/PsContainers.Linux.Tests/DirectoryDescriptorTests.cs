namespace PsContainers.Linux.Tests;

public sealed class DirectoryDescriptorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-linux-").FullName;

    public void Dispose() => FileTree.Remove(_folder);

    [Fact]
    public void Paths_in_a_root_do_not_leave_it()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "root/etc"));
        Directory.CreateDirectory(Path.Combine(_folder, "etc/outside"));
        File.CreateSymbolicLink(Path.Combine(_folder, "root/absolute"), "/etc");
        File.CreateSymbolicLink(Path.Combine(_folder, "root/climbing"), "../../etc");
        using var root = DirectoryDescriptor.Open(Path.Combine(_folder, "root"));
        using var etc = root.OpenDirectory("etc");

        foreach (var path in (string[])["absolute", "climbing", "/etc", "../../etc"])
        {
            using var found = root.OpenInRoot(path);
            Assert.Equal(etc.Status.Identity, found?.Status.Identity);
        }

        Assert.Null(root.OpenInRoot("absolute/outside"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => root.OpenDirectory("absolute")).Errno switch
        {
            // O_DIRECTORY is looked at first.
            Errno.ENOTDIR => Errno.ELOOP,
            var other => other,
        });
    }

    [Fact]
    public void Magic_links_are_refused()
    {
        using var proc = DirectoryDescriptor.Open("/proc");

        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => proc.OpenInRoot("self/root")).Errno);
    }

    [Fact]
    public void Names_in_a_folder_are_listed_again_and_again()
    {
        for (var i = 0; i < 3000; i++)
        {
            File.WriteAllText(Path.Combine(_folder, $"a rather long name, so that one buffer does not do {i}"), "");
        }

        using var directory = DirectoryDescriptor.Open(_folder);

        Assert.Equal(3000, directory.Names().Distinct().Count());
        Assert.Equal(3000, directory.Names().Count);
    }

    [Fact]
    public void Names_change_places()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "content");
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        using var directory = DirectoryDescriptor.Open(_folder);

        Assert.True(directory.TryExchange("file", "folder"));

        Assert.Equal("content", File.ReadAllText(Path.Combine(_folder, "folder")));
        Assert.True(Directory.Exists(Path.Combine(_folder, "file")));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => directory.TryExchange("file", "missing")).Errno);
    }

    [Fact]
    public void Taken_names_are_told_from_failures()
    {
        using var directory = DirectoryDescriptor.Open(_folder);
        using (var file = directory.TryCreateFile("file"))
        {
            file!.WriteAt("abc"u8, 5);
        }

        Assert.Null(directory.TryCreateFile("file"));
        Assert.False(directory.TryMakeDirectory("file", 0x1ff));
        Assert.False(directory.TryMakeSymbolicLink("file", "x"));
        Assert.False(directory.TryLink("file", directory, "file"));
        Assert.Equal(8, directory.StatusOf("file")?.Size);
        Assert.Null(directory.StatusOf("missing"));
        Assert.Contains("missing", Assert.Throws<LinuxException>(() => directory.OpenFile("missing")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_with_a_nul_never_reaches_the_kernel()
    {
        using var directory = DirectoryDescriptor.Open(_folder);

        Assert.Throws<ArgumentException>(() => directory.TryMakeDirectory("a\0b", 0x1ff));
        Assert.Throws<ArgumentException>(() => directory.TryMakeDirectory(new string('a', 1000) + "\0b", 0x1ff));
    }

    [Fact]
    public void Removing_a_tree_does_not_follow_links()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "tree/a/b"));
        File.WriteAllText(Path.Combine(_folder, "kept"), "");
        File.CreateSymbolicLink(Path.Combine(_folder, "tree/a/link"), "../..");

        FileTree.Remove(Path.Combine(_folder, "tree") + "/");
        FileTree.Remove(Path.Combine(_folder, "tree"));
        FileTree.Remove(Path.Combine(_folder, "never/there"));

        Assert.Equal([Path.Combine(_folder, "kept")], Directory.GetFileSystemEntries(_folder));
    }
}
