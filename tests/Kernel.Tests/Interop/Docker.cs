using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>dockerd, with the launcher as its default runtime and, under the name psc, as one to be asked for.</summary>
public sealed class Docker : DaemonPeer
{
    public Docker(TestHost host)
        : base(host, "/usr/sbin/dockerd", "/usr/bin/docker", "/usr/bin/containerd", "/usr/bin/script")
    {
        if (Missing is not null)
        {
            return;
        }

        StartDaemon(
            [
                "/usr/sbin/dockerd", "--host", $"unix://{Socket}", "--data-root", $"{State}/root", "--exec-root", $"{RunFolder}/exec",
                "--pidfile", $"{RunFolder}/pid", "--cgroup-parent", $"/{Name}", "--iptables=false", "--ip6tables=false", "--bridge=none",
                "--add-runtime", $"psc={Repository.Launcher}", "--default-runtime", "psc",
            ],
            "version");
        Do("import", RootArchive, "busybox").Text();
    }

    protected override string Program => "/usr/bin/docker";

    protected override IReadOnlyList<string> Globals => ["--host", $"unix://{Socket}"];

    protected override void RemoveAll()
    {
        if (Do("ps", "--all", "--quiet").Text() is { Length: > 0 } ids)
        {
            Do(["rm", "--force", "--volumes", .. ids.Split('\n')]).Text();
        }
    }
}
