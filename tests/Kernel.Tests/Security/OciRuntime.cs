using System.Globalization;
using System.Text.Json;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>The OCI command line on a launcher, a bundle and a root file system that an attack may spoil.</summary>
internal sealed class OciRuntime : IDisposable
{
    /// <summary>The limit within which every command must end, with or without a container that is attacked.</summary>
    internal const int Seconds = 20;

    private readonly string _directory;

    internal OciRuntime(TestHost host)
    {
        _directory = Directory.CreateDirectory(Path.Join(host.Scratch, Guid.NewGuid().ToString("N")[..8])).FullName;
        HostCommand.Run("/bin/cp", "-a", host.BusyboxRoot, Rootfs).Text();
        File.Copy(Repository.Launcher, Launcher);
        Probe.Compile("attack", Path.Join(Rootfs, "bin/attack"));
    }

    internal string Launcher => Path.Join(_directory, "psc-runtime");

    internal string Root => Path.Join(_directory, "state");

    internal string Rootfs => Path.Join(_directory, "rootfs");

    internal string Bundle => _directory;

    /// <summary>Every capability that this process has itself.</summary>
    internal static LinuxCapabilities AllCapabilities
    {
        get
        {
            var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapEff:", StringComparison.Ordinal));
            var names = CapabilitySet.Names(ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            return new LinuxCapabilities { Bounding = names, Effective = names, Permitted = names };
        }
    }

    /// <summary>Writes the bundle's configuration: the default one with this command, and no control groups path.</summary>
    internal void Configure(IReadOnlyList<string> command, Func<RuntimeSpec, RuntimeSpec>? change = null)
    {
        var standard = DefaultRuntimeSpec.Create();
        var spec = standard with
        {
            Root = new RootSpec { Path = Rootfs },
            Process = standard.Process! with { Args = command },
        };
        WriteConfiguration(JsonSerializer.Serialize(change is null ? spec : change(spec), RuntimeJson.Default.RuntimeSpec));
    }

    /// <summary>All capabilities, no filter, no no_new_privs.</summary>
    internal static RuntimeSpec Privileged(RuntimeSpec spec) => spec with
    {
        Process = spec.Process! with { Capabilities = AllCapabilities, NoNewPrivileges = false },
        Linux = spec.Linux! with { Seccomp = null },
    };

    internal void WriteConfiguration(string text) => File.WriteAllText(Path.Join(Bundle, "config.json"), text);

    /// <summary>A file of the root file system that can be executed.</summary>
    internal void AddScript(string path, string text)
    {
        File.WriteAllText(Path.Join(Rootfs, path), text);
        File.SetUnixFileMode(Path.Join(Rootfs, path), (UnixFileMode)0x1ED);
    }

    internal HostCommandResult Do(params string[] words) => Through([], words);

    /// <summary>Output goes to files, which a container that stays may keep open.</summary>
    /// <param name="before">Words before the launcher, such as a tracer.</param>
    internal HostCommandResult Through(IReadOnlyList<string> before, params string[] words) =>
        Raw([.. before, Launcher, "--root", Root, .. words]);

    internal HostCommandResult Raw(string[] words)
    {
        var output = Path.Join(_directory, "out");
        var error = Path.Join(_directory, "err");
        var result = HostCommand.Run(
            "/bin/sh",
            [
                "-c", "o=$1 e=$2; shift 2; exec timeout -k 1 " + Seconds + " \"$@\" < /dev/null > \"$o\" 2> \"$e\"", "sh", output, error,
                .. words,
            ]);
        return new HostCommandResult(result.ExitCode, File.ReadAllText(output), File.ReadAllText(error));
    }

    public void Dispose()
    {
        foreach (var directory in Directory.Exists(Root) ? Directory.GetDirectories(Root) : [])
        {
            Do("delete", "--force", Path.GetFileName(directory)).Text();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
