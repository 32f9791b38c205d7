using System.Diagnostics;
using System.Net.Sockets;
using CsCheck;

namespace PsContainers.Linux.Tests;

public sealed class TreeCopyTests : IDisposable
{
    private static readonly string[] _names = ["a", "b", "c", "ä", "with space", "\udcff\udc80", "-n", new string('x', 255)];

    private readonly string _folder = Directory.CreateTempSubdirectory("psc-copy-").FullName;

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static Gen<Node[]> Trees => Gen.Select(
        Gen.Int[0, 30], Gen.Int[0, _names.Length - 1], Gen.Enum<What>(), Gen.Int[0, 0xfff], Gen.Int[0, 70000],
        Gen.Long[-2000000, 2000000000],
        (parent, name, what, mode, owner, time) => new Node(parent, _names[name], what, mode, (uint)owner, time)).Array[0, 40];

    private string Source => Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;

    private string Target => Directory.CreateDirectory(Path.Combine(_folder, "target")).FullName;

    public void Dispose() => FileTree.Remove(_folder);

    [Fact]
    public void Any_tree_is_like_its_copy()
    {
        Assert.SkipUnless(IsRoot, "needs root: owners, devices, trusted attributes");
        Trees.Sample(
            nodes =>
            {
                FileTree.Remove(Source);
                FileTree.Remove(Target);
                Build(nodes);

                Copy();

                var expected = TreeWalk.Of(Source);
                Assert.Equal(expected, TreeWalk.Of(Target));
                return true;
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public void Whoever_is_not_root_copies_what_is_their_own()
    {
        Directory.CreateDirectory(Path.Combine(Source, "folder"));
        File.WriteAllText(Path.Combine(Source, "folder/file"), "content");
        File.CreateSymbolicLink(Path.Combine(Source, "link"), "folder/file");
        File.SetUnixFileMode(Path.Combine(Source, "folder"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using (var folder = DirectoryDescriptor.Open(Path.Combine(Source, "folder")))
        {
            folder.SetAttribute("file", "user.note", "x"u8);
        }

        Copy();

        Assert.Equal(TreeWalk.Of(Source), TreeWalk.Of(Target));
    }

    [Fact]
    public void Names_of_one_file_stay_one_file_however_far_apart()
    {
        File.WriteAllText(Path.Combine(Source, "first"), "content");
        using (var source = DirectoryDescriptor.Open(Source))
        using (var deep = MakeChain(source, 200))
        {
            Assert.True(deep.TryLink("second", source, "first"));
            using var file = deep.TryCreateFile("only below");
            file!.WriteAt("x"u8, 0);
            Assert.True(source.TryLink("only below", deep, "only below"));
        }

        Copy();

        Assert.Equal(TreeWalk.Of(Source), TreeWalk.Of(Target));
        Assert.Contains(TreeWalk.Of(Target), line => line.Contains("links 2 as ", StringComparison.Ordinal));
    }

    [Fact]
    public void Holes_take_no_room_in_the_copy()
    {
        using (var source = DirectoryDescriptor.Open(Source))
        using (var file = source.TryCreateFile("sparse"))
        {
            file!.WriteAt("in the middle"u8, 1L << 30);
            file.SetLength(4L << 30);
        }

        Copy();

        Assert.Equal(Blocks(Path.Combine(Source, "sparse")), Blocks(Path.Combine(Target, "sparse")));
        Assert.Equal(4L << 30, new FileInfo(Path.Combine(Target, "sparse")).Length);
        Assert.InRange(Blocks(Path.Combine(Target, "sparse")), 1, 64);
    }

    [Fact]
    public void Program_keeps_its_capabilities_and_set_uid_bit()
    {
        Assert.SkipUnless(IsRoot, "needs root: capabilities");
        var program = Path.Combine(Source, "program");
        File.WriteAllText(program, "#!/bin/sh\n");

        // VFS_CAP_REVISION_2 with CAP_NET_RAW permitted and effective. capabilities(7)
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using (var source = DirectoryDescriptor.Open(Source))
        {
            source.SetOwner("program", 1000, 1000);
            source.SetMode("program", 0x9ed);
            source.SetAttribute("program", "security.capability", capability);
        }

        Copy();

        using var target = DirectoryDescriptor.Open(Target);
        Assert.Equal(capability, target.ReadAttribute("program", "security.capability"));
        Assert.Equal((0x9ed, 1000u), (target.StatusOf("program")!.Value.Mode, target.StatusOf("program")!.Value.UserId));
    }

    [Fact]
    public void Marks_of_an_overlay_are_left_out()
    {
        Assert.SkipUnless(IsRoot, "needs root: trusted attributes");
        Directory.CreateDirectory(Path.Combine(Source, "folder"));
        using (var source = DirectoryDescriptor.Open(Source))
        {
            source.SetAttribute("folder", "trusted.overlay.opaque", "y"u8);
            source.SetAttribute("folder", "user.overlay.opaque", "y"u8);
            source.SetAttribute("folder", "trusted.other", "y"u8);
        }

        Copy();

        using var target = DirectoryDescriptor.Open(Target);
        Assert.Equal(["trusted.other"], target.AttributeNames("folder"));
    }

    [Fact]
    public void Three_thousand_levels_are_copied_with_few_descriptors()
    {
        using (var source = DirectoryDescriptor.Open(Source))
        using (var deepest = MakeChain(source, 3000))
        {
            deepest.TryCreateFile("at the bottom")!.Dispose();
        }

        var most = 0;
        using (var stop = new CancellationTokenSource())
        {
            var watch = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    most = Math.Max(most, Directory.GetFileSystemEntries("/proc/self/fd").Length);
                    Thread.Sleep(1);
                }
            });
            watch.Start();
            Copy();
            stop.Cancel();
            watch.Join();
        }

        using var target = DirectoryDescriptor.Open(Target);
        var level = DirectoryDescriptor.Open(Target);
        var depth = 0;
        while (level.Names() is ["d"])
        {
            var below = level.OpenDirectory("d");
            if (depth < 2999)
            {
                Assert.Equal(Modified(depth), below.Status.Modified);
            }

            level.Dispose();
            level = below;
            depth++;
        }

        Assert.Equal(3000, depth);
        Assert.Equal(["at the bottom"], level.Names());
        level.Dispose();
        Assert.InRange(most, 64, 800);
    }

    [Fact]
    public void Sockets_are_left_out()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(Source, "socket")));

        Copy();

        Assert.Empty(TreeWalk.Of(Target));
    }

    [Fact]
    public void What_is_mounted_in_the_source_stays_behind()
    {
        Assert.SkipUnless(IsRoot, "needs root: mounts");
        Directory.CreateDirectory(Path.Combine(Source, "folder"));
        Directory.CreateDirectory(Path.Combine(Source, "bound"));
        File.WriteAllText(Path.Combine(Source, "file"), "covered");
        File.WriteAllText(Path.Combine(_folder, "secret"), "secret");

        // The mounts live in a namespace of their own; its /proc/PID/root shows them to us.
        using var holder = Process.Start(new ProcessStartInfo(
            "unshare",
            [
                "--mount", "sh", "-c",
                "mount -t tmpfs none folder && touch folder/x && mount --bind /usr bound && mount --bind ../secret file"
                    + " && echo ready && read x",
            ])
        {
            WorkingDirectory = Source,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", holder.StandardOutput.ReadLine());
        using (var source = DirectoryDescriptor.Open($"/proc/{holder.Id}/root{Source}"))
        using (var target = DirectoryDescriptor.Open(Target))
        {
            TreeCopy.Copy(source, target, TestContext.Current.CancellationToken);
        }

        holder.StandardInput.Close();
        holder.WaitForExit();
        Assert.Equal(["bound", "file", "folder"], Directory.GetFileSystemEntries(Target, "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(0, new FileInfo(Path.Combine(Target, "file")).Length);
    }

    [Fact]
    public void Name_that_is_taken_in_the_target_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(Source, "file"), "new");
        File.WriteAllText(Path.Combine(Target, "file"), "old");

        var failure = Assert.Throws<LinuxException>(Copy);

        Assert.Equal((Errno.EEXIST, $"{Target}/file"), (failure.Errno, failure.Target));
        Assert.Equal("old", File.ReadAllText(Path.Combine(Target, "file")));
    }

    [Fact]
    public void Copy_that_is_stopped_ends_at_once()
    {
        using (var source = DirectoryDescriptor.Open(Source))
        using (var file = source.TryCreateFile("file"))
        {
            file!.WriteAt(new byte[1 << 20], 0);
        }

        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => Copy(stop.Token));
        Assert.Empty(TreeWalk.Of(Target));
    }

    [Fact]
    public void Root_itself_gets_owner_mode_attributes_and_time()
    {
        Assert.SkipUnless(IsRoot, "needs root: owners");
        using var source = DirectoryDescriptor.Open(Source);
        source.SetOwner(5, 6);
        source.SetAttribute("user.note", "x"u8);
        source.SetMode(0x5e8);
        source.SetModified(new FileTime(1000000000, 5));
        using var target = DirectoryDescriptor.Open(Target);

        TreeCopy.CopyAttributes(source, target);

        Assert.Equal(
            source.Status with { Identity = default, Size = 0 }, target.Status with { Identity = default, Size = 0 });
        Assert.Equal("x"u8.ToArray(), target.ReadAttribute(".", "user.note"));
    }

    private static FileTime Modified(int depth) => new(1_000_000_000 + depth, depth);

    // One directory called d in the other; times from the bottom up, as each new name changes that of its directory.
    private static DirectoryDescriptor MakeChain(DirectoryDescriptor top, int depth, int at = 0)
    {
        var levels = new List<DirectoryDescriptor>();
        for (var level = top; at < depth; at++)
        {
            Assert.True(level.TryMakeDirectory("d", 0x1ed));
            level = level.OpenDirectory("d");
            levels.Add(level);
        }

        levels[^1].TryMakeDirectory("e", 0x1ed);
        levels[^1].RemoveEmptyDirectory("e");
        for (var i = levels.Count - 1; i >= 0; i--)
        {
            levels[i].SetModified(Modified(i));
            if (i < levels.Count - 1)
            {
                levels[i].Dispose();
            }
        }

        return levels[^1];
    }

    // In units of 512 bytes. stat(1)
    private static long Blocks(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        return long.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Copy() => Copy(TestContext.Current.CancellationToken);

    private void Copy(CancellationToken stop)
    {
        using var source = DirectoryDescriptor.Open(Source);
        using var target = DirectoryDescriptor.Open(Target);
        TreeCopy.Copy(source, target, stop);
    }

    private void Build(Node[] nodes)
    {
        var directories = new List<(DirectoryDescriptor Directory, Node? Node)> { (DirectoryDescriptor.Open(Source), null) };
        var files = new List<(DirectoryDescriptor Directory, string Name)>();
        foreach (var node in nodes)
        {
            var parent = directories[node.Parent % directories.Count].Directory;
            if (parent.StatusOf(node.Name) is null)
            {
                Make(parent, node, directories, files);
            }
        }

        // Set last and from the bottom up.
        foreach (var (directory, node) in Enumerable.Reverse(directories))
        {
            if (node is not null)
            {
                directory.SetMode(node.Mode);
                directory.SetModified(new FileTime(node.Time, 999));
            }

            directory.Dispose();
        }
    }

    private static void Make(
        DirectoryDescriptor parent,
        Node node,
        List<(DirectoryDescriptor Directory, Node? Node)> directories,
        List<(DirectoryDescriptor Directory, string Name)> files)
    {
        switch (node.What)
        {
            case What.Directory:
                Assert.True(parent.TryMakeDirectory(node.Name, 0x1c0));
                var directory = parent.OpenDirectory(node.Name);
                directory.SetOwner(node.Owner, node.Owner + 1);
                directory.SetAttribute("trusted.of", BitConverter.GetBytes(node.Owner));
                directories.Add((directory, node));
                return;
            case What.HardLink when files.Count > 0:
                var (linkDirectory, linkName) = files[(int)(node.Owner % files.Count)];
                Assert.True(parent.TryLink(node.Name, linkDirectory, linkName));
                return;
            case What.HardLink or What.File or What.SparseFile:
                using (var file = parent.TryCreateFile(node.Name)!)
                {
                    var data = new byte[(node.Owner * 3) % 300000];
                    new Random(node.Mode).NextBytes(data);
                    file.WriteAt(data, node.What == What.SparseFile ? node.Owner * 100L : 0);
                    file.SetLength(node.What == What.SparseFile ? (node.Owner * 101L) + data.Length : data.Length);
                }

                parent.SetAttribute(node.Name, "user.note", BitConverter.GetBytes(node.Time));
                break;
            case What.SymbolicLink:
                Assert.True(parent.TryMakeSymbolicLink(node.Name, $"../{node.Name}/{node.Owner}"));
                parent.SetAttribute(node.Name, "trusted.of", "link"u8);
                break;
            case What.Fifo:
                Assert.True(parent.TryMakeNode(node.Name, FileKind.Fifo));
                break;
            default:
                Assert.True(parent.TryMakeNode(
                    node.Name, node.What == What.Block ? FileKind.BlockDevice : FileKind.CharacterDevice, node.Owner % 4000, node.Owner));
                break;
        }

        parent.SetOwner(node.Name, node.Owner, node.Owner + 1);
        if (node.What != What.SymbolicLink)
        {
            parent.SetMode(node.Name, node.Mode);
        }

        parent.SetModified(node.Name, new FileTime(node.Time, 123456789));
        files.Add((parent, node.Name));
    }

    private enum What
    {
        Directory,
        File,
        SparseFile,
        HardLink,
        SymbolicLink,
        Fifo,
        Character,
        Block,
    }

    private sealed record Node(int Parent, string Name, What What, int Mode, uint Owner, long Time);
}
