using System.Diagnostics;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>
/// A machine that was booted with systemd, as far as a container's runtime can see: the first process of a pid, mount and cgroup
/// namespace, with a message bus and a few units of its own. It rules over one control group of the test's machine.
/// </summary>
public sealed class SystemdHost : IDisposable
{
    private const string Group = "/sys/fs/cgroup/pscontainers-systemd";

    private const string Systemd = "/usr/lib/systemd/systemd";

    // As pid 1, in the group that its cgroup namespace is to begin at; /run is a new one but for the test's own folder.
    private const string Boot = """
        set -e
        if [ "$1" = first ]; then
            echo 0 > "$GROUP/cgroup.procs"
            exec unshare --cgroup bash -c "$BOOT" boot second
        fi
        umount /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir -p /mnt/kept
        mount --bind "$KEPT" /mnt/kept
        mount -t tmpfs tmpfs /run
        mkdir -p "$KEPT" /run/test-units /sys/fs/cgroup/callers
        mount --move /mnt/kept "$KEPT"
        cat > /run/test-units/ready.target <<'UNIT'
        [Unit]
        DefaultDependencies=no
        Requires=dbus.service
        After=dbus.service
        UNIT
        cat > /run/test-units/dbus.socket <<'UNIT'
        [Unit]
        DefaultDependencies=no
        [Socket]
        ListenStream=/run/dbus/system_bus_socket
        UNIT
        cat > /run/test-units/dbus.service <<'UNIT'
        [Unit]
        DefaultDependencies=no
        Requires=dbus.socket
        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only
        UNIT
        export container=test SYSTEMD_GENERATOR_PATH=/run/no-generators
        # Where systemd keeps transient units comes first, as it always does: there it finds them again after a reload.
        export SYSTEMD_UNIT_PATH=/run/systemd/system.control:/run/systemd/transient:/run/test-units
        exec "$SYSTEMD" --system --unit=ready.target --log-target=console --show-status=no
        """;

    // A process of this machine, not of its root group: that one may hold none.
    private const string Enter = "echo 0 > /sys/fs/cgroup/callers/cgroup.procs; exec \"$@\"";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Process? _process;
    private readonly string _log;

    public SystemdHost(TestHost host)
    {
        _log = Path.Join(host.Scratch, "systemd.log");
        Missing = FindMissing(host);
        if (Missing is not null)
        {
            return;
        }

        File.WriteAllText("/sys/fs/cgroup/cgroup.subtree_control", "+cpu +io +memory +pids");
        Directory.CreateDirectory(Group);
        _process = HostCommand.Start(
            "unshare",
            [
                "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                "bash", "-c", $"exec > {_log} 2>&1; exec bash -c \"$BOOT\" boot first",
            ],
            new Dictionary<string, string> { ["BOOT"] = Boot, ["GROUP"] = Group, ["KEPT"] = host.Scratch, ["SYSTEMD"] = Systemd });
        Await();
    }

    /// <summary>Why there is none here; null when there is.</summary>
    public string? Missing { get; }

    /// <summary>What a command is started below to run on this machine.</summary>
    public IReadOnlyList<string> Through => _process is null
        ? []
        : ["nsenter", "--target", FirstProcess(), "--mount", "--pid", "--cgroup", "bash", "-c", Enter, "enter"];

    /// <summary>Where a path below this machine's hierarchy is for the test.</summary>
    public static string GroupPath(string path) => Group + path;

    public HostCommandResult Do(params string[] words) => HostCommand.Run(Through[0], [.. Through.Skip(1), .. words]);

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        var end = DateTime.UtcNow + _patience;
        while (File.ReadAllText($"{Group}/cgroup.events").Contains("populated 1", StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow < end, "systemd's processes do not end");
            Thread.Sleep(5);
        }

        Remove(Group);
    }

    private static string? FindMissing(TestHost host) =>
        host.Missing
        ?? (!File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "needs a machine with cgroup version 2 alone, as the guest of tests/Uml is"
            : !File.Exists(Systemd) ? "needs systemd (Debian package systemd)"
            : !File.Exists("/usr/bin/dbus-daemon") ? "needs a message bus (Debian package dbus)"
            : null);

    private void Await()
    {
        var end = DateTime.UtcNow + _patience;
        while (Do("busctl", "status", "org.freedesktop.systemd1").ExitCode != 0)
        {
            if (_process!.HasExited || DateTime.UtcNow > end)
            {
                var log = File.ReadAllText(_log);
                Dispose();
                Assert.Fail($"systemd does not come up:\n{log}");
            }

            Thread.Sleep(50);
        }
    }

    private string FirstProcess() => File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Trim() is { Length: > 0 } pid
        ? pid
        : $"{_process.Id}";

    private static void Remove(string group)
    {
        foreach (var child in Directory.EnumerateDirectories(group))
        {
            Remove(child);
        }

        Directory.Delete(group);
    }
}
