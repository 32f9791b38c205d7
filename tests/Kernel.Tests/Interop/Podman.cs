using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Interop;

/// <summary>podman(1), with conmon between it and the launcher.</summary>
public sealed class Podman : Peer
{
    // The limits that podman would set otherwise take CAP_SYS_RESOURCE, which this machine may not have.
    private const string Configuration = """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        init_path = "/usr/bin/catatonit"
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """;

    private readonly string _configurationPath;
    private readonly string _storagePath;

    public Podman(TestHost host)
        : base(host, "/usr/bin/podman", "/usr/bin/conmon", "/usr/bin/script")
    {
        _configurationPath = Path.Join(State, "containers.conf");
        _storagePath = Path.Join(State, "storage.conf");
        if (Missing is not null)
        {
            return;
        }

        File.WriteAllText(_configurationPath, Configuration);
        File.WriteAllText(
            _storagePath, $"[storage]\ndriver = \"vfs\"\ngraphroot = \"{State}/root\"\nrunroot = \"{RunFolder}/root\"\n");
        Do("import", RootArchive, "busybox").Text();

        // What holds the namespaces of a pod.
        Do("import", "--change", "ENTRYPOINT [\"sleep\",\"1000000\"]", RootArchive, "pause").Text();
    }

    protected override string Program => "/usr/bin/podman";

    protected override IReadOnlyList<string> Globals => ["--tmpdir", $"{RunFolder}/tmp", "--runtime", Repository.Launcher];

    protected override IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["CONTAINERS_CONF"] = _configurationPath,
        ["CONTAINERS_STORAGE_CONF"] = _storagePath,
    };

    protected override IEnumerable<string> Complete(string[] arguments)
    {
        if (arguments is ["pod", "create", ..])
        {
            return ["pod", "create", "--infra-image=pause", $"--cgroup-parent=/{Name}", "--network=none", .. arguments[2..]];
        }

        // A member of a pod has the pod's group and network.
        if (arguments[0] is not ("run" or "create") || arguments.Contains("--pod"))
        {
            return arguments;
        }

        var network = arguments.Any(argument => argument.StartsWith("--network", StringComparison.Ordinal)) ? "" : "--network=none";
        return [arguments[0], $"--cgroup-parent=/{Name}", .. network.Length > 0 ? [network] : Array.Empty<string>(), .. arguments[1..]];
    }

    // Where version 1 has the controllers, podman removes a pod's groups there alone; the one in version 2 is left, and empty.
    private void RemovePodGroups()
    {
        var folder = Path.Join("/sys/fs/cgroup/unified", Name);
        foreach (var group in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            if (Path.GetFileName(group) != "conmon" && Directory.GetDirectories(group).Length == 0)
            {
                Directory.Delete(group);
            }
        }
    }

    // The container that holds a pod's namespaces goes with the pod alone.
    protected override void RemoveAll()
    {
        Do("pod", "rm", "--all", "--force", "--time", "0").Text();
        Do("rm", "--all", "--force", "--time", "0").Text();
        RemovePodGroups();
    }
}
