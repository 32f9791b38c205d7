using System.Diagnostics;
using PsContainers.Cmdlets.Tests.Containers;

namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>A machine of its own as far as networks and processes go, with a store and one image, busybox.</summary>
/// <remarks>Its first process sleeps; when that is ended the kernel ends all others, and no link, rule or process can be left.</remarks>
public sealed class NetworkHost : IDisposable
{
    internal const string Need = "needs root, busybox-static, iproute2, nftables and util-linux";

    /// <summary>Whom this machine asks for names: nobody is there.</summary>
    internal const string NameServer = "192.0.2.53";

    private static readonly string[] _programs =
        ["/bin/busybox", "/usr/sbin/nft", "/usr/bin/unshare", "/usr/bin/nsenter", $"/usr/lib/{Architecture}-linux-gnu/libnftables.so.1"];

    private readonly string _directory = Directory.CreateTempSubdirectory("psc-network-").FullName;
    private readonly Process? _machine;
    private readonly string[] _inside = [];
    private bool _isUsed;

    public NetworkHost()
    {
        if (!IsPossible)
        {
            return;
        }

        File.WriteAllText(Path.Combine(_directory, "resolv.conf"), $"nameserver {NameServer}\nsearch host.example\n");
        _machine = Start("/usr/bin/unshare", [
            "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "/bin/busybox", "sh", "-c",
            "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && echo ready; exec sleep 3600",
            Path.Combine(_directory, "resolv.conf")]);
        Assert.Equal("ready", _machine.StandardOutput.ReadLine());
        var first = File.ReadAllText($"/proc/{_machine.Id}/task/{_machine.Id}/children").Trim();
        _inside =
        [
            "/usr/bin/nsenter", "--target", first, "--mount", "--net", "--ipc", "--pid",
            "/usr/bin/env", "--unset=PSCONTAINERS_NETWORK",
        ];
        BusyboxImage.FillRootFileSystem(Path.Combine(_directory, "source"));
        Assert.Empty(Command($"Import-ContainerImage -RootFileSystem '{_directory}/source' -Name busybox").Error);
    }

    internal static bool IsPossible => Environment.UserName == "root" && _programs.All(File.Exists);

    private static string Architecture =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
            ? "aarch64"
            : "x86_64";

    /// <summary>Brings it back to how it was new, if a test that failed has left something.</summary>
    internal void Begin()
    {
        if (_isUsed)
        {
            Command("Get-Container | Remove-Container -Force; Get-ContainerNetwork | Remove-ContainerNetwork -Force");
        }

        _isUsed = false;
    }

    /// <summary>The links of this machine, without the loopback link.</summary>
    internal string[] Links =>
        [.. Run("/bin/busybox", "ip", "-o", "link").Lines.Select(line => line.Split(' ')[1].TrimEnd(':')).Where(link => link != "lo")];

    /// <summary>The tables of its firewall.</summary>
    internal string[] Tables => Run("/usr/sbin/nft", "list", "tables").Lines;

    /// <summary>The programs that answer for names.</summary>
    internal int Resolvers => Run("/bin/busybox", "pgrep", "psc-resolver").Lines.Length;

    public void Dispose()
    {
        if (_machine is not null)
        {
            Command("Get-Container | Remove-Container -Force");
            _machine.Kill();
            _machine.WaitForExit();
            _machine.Dispose();
        }

        using var remove = Process.Start("/bin/rm", ["-rf", "--one-file-system", _directory]);
        remove.WaitForExit();
    }

    internal PscResult Command(string script)
    {
        _isUsed = true;
        using var process = Psc.Start(
            ["-NonInteractive", "-Command", script], Path.Combine(_directory, "root"), Path.Combine(_directory, "run"), _inside);
        process.StandardInput.Close();
        return Psc.Finish(process);
    }

    /// <summary>The ids of the errors that a script writes, one a line, behind what it returns.</summary>
    internal string[] Errors(string script) => Command(
        $"{script} -ErrorVariable failed -ErrorAction SilentlyContinue; "
        + $"$failed | ForEach-Object {{ $_.FullyQualifiedErrorId.Split(',')[0] }}").Lines;

    /// <summary>Removes what a test made, and shows that nothing of it is left.</summary>
    internal void AssertNothingIsLeft()
    {
        var result = Command("Get-Container | Remove-Container -Force; Get-ContainerNetwork | Remove-ContainerNetwork");

        Assert.Empty(result.Error);
        Assert.Empty(Links);
        Assert.Empty(Tables);
        for (var attempt = 0; Resolvers > 0; attempt++)
        {
            Assert.True(attempt < 100, "a name resolver is left");
            Thread.Sleep(100);
        }

        _isUsed = false;
    }

    /// <summary>Runs a program of this machine on it.</summary>
    internal PscResult Run(string program, params string[] arguments)
    {
        using var process = Start(_inside[0], [.. _inside[1..], program, .. arguments]);
        process.StandardInput.Close();
        return Psc.Finish(process);
    }

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
