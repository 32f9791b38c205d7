namespace PsContainers.Benchmarks;

/// <summary>An OCI runtime by its command line, with a state folder of its own.</summary>
internal sealed class OciRuntime
{
    private readonly Workspace _workspace;
    private readonly string _program;
    private readonly string _state;

    private OciRuntime(Workspace workspace, string name, string program)
    {
        _workspace = workspace;
        _program = program;
        Name = name;
        _state = Directory.CreateDirectory(Path.Join(workspace.Folder, $"oci-{name}")).FullName;
    }

    public string Name { get; }

    /// <summary>Ours, and those of the peers that are installed.</summary>
    public static IReadOnlyList<OciRuntime> All(Workspace workspace) =>
    [
        new(workspace, "psc-runtime", Workspace.Launcher),
        .. new[] { "crun", "runc" }
            .Where(name => File.Exists($"/usr/bin/{name}"))
            .Select(name => new OciRuntime(workspace, name, $"/usr/bin/{name}")),
    ];

    public string Bundle(bool isLimited, string id, params string[] command) =>
        BenchmarkBundle.Write(_workspace, $"oci-bundle-{Name}-{id}", BenchmarkBundle.Spec(_workspace, $"{Name}-{id}", isLimited, command));

    public void Do(params string[] arguments) => Native.Run(_program, ["--root", _state, .. arguments]);

    /// <summary>Ends and removes a container, whatever state it is in.</summary>
    public void Remove(string id) => Native.Ask(_program, "--root", _state, "delete", "--force", id);

    /// <summary>Starts the program and does not wait for it.</summary>
    public int Begin(params string[] arguments)
    {
        using var nothing = Linux.NullDevice.Open();
        return Linux.ChildProcess.Spawn(
            _program, [_program, "--root", _state, .. arguments], [(nothing, 0), (nothing, 1), (nothing, 2)]);
    }
}
