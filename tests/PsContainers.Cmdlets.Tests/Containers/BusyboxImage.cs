using System.Diagnostics;

namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>A store with one image, busybox, for the tests of a class.</summary>
public sealed class BusyboxImage : IDisposable
{
    internal const string Need = "needs root and busybox-static";
    private const string Busybox = "/bin/busybox";

    private readonly string _directory = Directory.CreateTempSubdirectory("psc-busybox-").FullName;

    public BusyboxImage()
    {
        if (IsPossible)
        {
            var source = Path.Combine(_directory, "source");
            FillRootFileSystem(source);
            var result = Command($"Import-ContainerImage -RootFileSystem '{source}' -Name busybox");
            Assert.Empty(result.Error);
        }
    }

    internal static bool IsPossible => Environment.UserName == "root" && File.Exists(Busybox);

    internal string Root => Path.Combine(_directory, "root");

    internal string Run => Path.Combine(_directory, "run");

    internal static void FillRootFileSystem(string folder)
    {
        foreach (var name in new[] { "bin", "etc", "tmp", "proc", "sys", "dev" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        File.Copy(Busybox, Path.Combine(folder, "bin/busybox"));
        foreach (var applet in new[]
        {
            "sh", "echo", "sleep", "true", "id", "hostname", "pwd", "yes", "kill", "cat", "grep", "md5sum", "tty", "stty",
        })
        {
            File.CreateSymbolicLink(Path.Combine(folder, "bin", applet), "busybox");
        }
    }

    public void Dispose()
    {
        Command("Get-Container | Remove-Container -Force");
        using var remove = Process.Start("/bin/rm", ["-rf", "--one-file-system", _directory]);
        remove.WaitForExit();
    }

    internal PscResult Command(string script)
    {
        using var process = Psc.Start(["-NonInteractive", "-Command", script], Root, Run);
        process.StandardInput.Close();
        return Psc.Finish(process);
    }
}
