namespace PsContainers.Kernel.Tests.Harness;

/// <summary>
/// Makes a root file system of one static program: Debian's busybox, a link for each of its commands, two users and the probes.
/// </summary>
internal static class BusyboxRoot
{
    private const string Program = "/bin/busybox";

    private const string Users = """
        root:x:0:0:root:/root:/bin/sh
        alice:x:1000:1000:Alice:/home/alice:/bin/sh
        nohome:x:1001:1001::/no/such/home:/bin/sh

        """;

    private const string Groups = """
        root:x:0:
        tty:x:5:
        audio:x:29:root,alice
        video:x:44:alice
        alice:x:1000:
        nohome:x:1001:

        """;

    public static bool IsPossible => File.Exists(Program);

    public static void Make(string root)
    {
        foreach (var directory in new[] { "bin", "dev", "etc", "home/alice", "proc", "root", "sys", "tmp", "var" })
        {
            Directory.CreateDirectory(Path.Join(root, directory));
        }

        File.SetUnixFileMode(Path.Join(root, "tmp"), (UnixFileMode)0x3FF);
        File.Copy(Program, Path.Join(root, "bin/busybox"));
        foreach (var name in HostCommand.Run(Program, "--list").Text().Split('\n').Where(name => name != "busybox"))
        {
            File.CreateSymbolicLink(Path.Join(root, "bin", name), "busybox");
        }

        File.WriteAllText(Path.Join(root, "etc/passwd"), Users);
        File.WriteAllText(Path.Join(root, "etc/group"), Groups);
        HostCommand.Run("/bin/chown", "-R", "1000:1000", Path.Join(root, "home/alice")).Text();
    }
}
