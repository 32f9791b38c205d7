using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>containerd with its shim for runc, driven by ctr.</summary>
public sealed class Containerd : DaemonPeer
{
    /// <summary>The image's name, which ctr wants in full.</summary>
    public const string Image = "docker.io/library/busybox:latest";

    public Containerd(TestHost host)
        : base(host, "/usr/bin/containerd", "/usr/bin/ctr", "/usr/bin/containerd-shim-runc-v2", "/usr/bin/script")
    {
        if (Missing is not null)
        {
            return;
        }

        var configuration = Path.Join(State, "config.toml");
        File.WriteAllText(configuration, $"""
            version = 2
            root = "{State}/root"
            state = "{RunFolder}/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "{Socket}"
            [ttrpc]
            address = "{Socket}.ttrpc"
            """);
        var archive = Path.Join(State, "image.tar");
        WriteDockerArchive(archive, Image);
        StartDaemon(["/usr/bin/containerd", "--config", configuration], "version");
        Do("image", "import", archive).Text();
    }

    protected override string Program => "/usr/bin/ctr";

    protected override IReadOnlyList<string> Globals => ["--address", Socket];

    // ctr run OPTIONS IMAGE ID COMMAND: the control group is told by the container's id.
    protected override IEnumerable<string> Complete(string[] arguments) => arguments[0] != "run"
        ? arguments
        :
        [
            "run", "--runc-binary", Repository.Launcher, "--cgroup", $"/{Name}/{arguments[Array.IndexOf(arguments, Image) + 1]}",
            "--fifo-dir", $"{RunFolder}/fifo", .. arguments[1..],
        ];

    protected override void RemoveAll()
    {
        foreach (var id in Do("task", "ls", "--quiet").Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Do("task", "rm", "--force", id);
        }

        foreach (var id in Do("container", "ls", "--quiet").Text().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Do("container", "rm", id).Text();
        }
    }
}
