using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>
/// A bundle whose root is a busybox of its own, and `psc-runtime` driven as another engine would, with a --root beside the bundle.
/// Output goes to files: a container that is created keeps its standard streams open for as long as it lives.
/// </summary>
public sealed class OciBundle : IDisposable
{
    /// <summary>The id of a test's only container.</summary>
    public const string Id = "one";

    private int _calls;

    public OciBundle(TestHost host)
    {
        Folder = Directory.CreateDirectory(Path.Join(host.Scratch, $"oci-{Guid.NewGuid():n}"[..12])).FullName;
        RootPath = Path.Join(Folder, "rootfs");
        HostCommand.Run("/bin/cp", "-a", host.BusyboxRoot, RootPath).Text();
        Config = JsonSerializer.SerializeToNode(DefaultRuntimeSpec.Create(), RuntimeJson.Default.RuntimeSpec)!.AsObject();
        Command("sleep", "1000");
    }

    /// <summary>Of the host: config.json, the root and whatever the test needs.</summary>
    public string Folder { get; }

    /// <summary>The container's root file system.</summary>
    public string RootPath { get; }

    /// <summary>Written to config.json by each <see cref="Create"/> and <see cref="Run"/>.</summary>
    public JsonObject Config { get; }

    public JsonObject Process => Config["process"]!.AsObject();

    public JsonObject Linux => Config["linux"]!.AsObject();

    /// <summary>What is given as --root.</summary>
    public string State => Path.Join(Folder, "state");

    public string In(string name) => Path.Join(Folder, name);

    public OciBundle Command(params string[] words)
    {
        Process["args"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        return this;
    }

    public OciBundle Script(string script) => Command("sh", "-c", script);

    /// <summary>Takes one kind of namespace out of the list, and puts another entry of that kind in when there is one.</summary>
    public OciBundle Namespace(string type, string? path = null, bool isWanted = true)
    {
        var list = Linux["namespaces"]!.AsArray();
        foreach (var entry in list.Where(entry => (string?)entry!["type"] == type).ToList())
        {
            list.Remove(entry);
        }

        if (isWanted)
        {
            var entry = new JsonObject { ["type"] = type };
            if (path is not null)
            {
                entry["path"] = path;
            }

            list.Add((JsonNode)entry);
        }

        return this;
    }

    /// <summary>The program and its arguments that every call is made below, to be on another machine than the test: none.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>`psc-runtime --root … WORDS`.</summary>
    public HostCommandResult Runtime(params string[] words) => Finish(StartRuntime([], words));

    /// <summary>The same below another program, such as strace.</summary>
    public HostCommandResult RuntimeBelow(string[] through, params string[] words) => Finish(StartRuntime(through, words));

    public HostCommandResult Create(params string[] options) => CreateNamed(Id, options);

    public HostCommandResult CreateNamed(string id, params string[] options)
    {
        Write(id);
        return Runtime(["create", "--bundle", Folder, .. options, id]);
    }

    /// <summary>`run` in the foreground.</summary>
    public HostCommandResult Run(params string[] options)
    {
        Write(Id);
        return Runtime(["run", "--bundle", Folder, .. options, Id]);
    }

    /// <summary>The output of the command that must succeed.</summary>
    public string Say(string script) => Script(script).Run().Text();

    /// <summary>A container that sleeps, or does what <see cref="Config"/> says.</summary>
    public int StartDetached(params string[] options)
    {
        Run(["--detach", .. options]).Text();
        return Pid();
    }

    public HostCommandResult Exec(params string[] words) => Runtime(["exec", .. words]);

    /// <summary>Writes config.json as it stands for a container of this id.</summary>
    public void Write(string id)
    {
        var config = Config.DeepClone();
        var linux = config["linux"]!;
        linux["cgroupsPath"] ??= $"/pscontainers/{Path.GetFileName(Folder)}-{id}";
        File.WriteAllText(In("config.json"), config.ToJsonString());
    }

    /// <summary>What `state` prints.</summary>
    public JsonNode ReadState(string id = Id) => JsonNode.Parse(Runtime("state", id).Text())!;

    public string Status(string id = Id) => (string)ReadState(id)["status"]!;

    public int Pid(string id = Id) => (int)ReadState(id)["pid"]!;

    /// <summary>Containers that are there.</summary>
    public IReadOnlyList<string> Ids() => Directory.Exists(State)
        ? [.. Directory.EnumerateDirectories(State).Select(path => Path.GetFileName(path)!)]
        : [];

    /// <summary>Starts `psc-runtime --root … WORDS`, its output in files.</summary>
    public RuntimeCall StartRuntime(string[] through, params string[] words)
    {
        var output = In($"output-{Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture)}");
        string[] all =
        [
            "-c", $"exec \"$@\" </dev/null >{output} 2>{output}.error", "sh",
            .. Through, .. through, Repository.Launcher, "--root", State, .. words,
        ];
        return new RuntimeCall(HostCommand.Start("/bin/bash", all), output);
    }

    public static HostCommandResult Finish(RuntimeCall call)
    {
        var code = HostCommand.Finish(call.Process).ExitCode;
        return new HostCommandResult(code, File.ReadAllText(call.Output), File.ReadAllText($"{call.Output}.error"));
    }

    public void Dispose()
    {
        foreach (var id in Ids())
        {
            Runtime("delete", "--force", id);
        }

        HostCommand.Run("/bin/rm", "-rf", "--one-file-system", Folder).Text();
    }
}

/// <summary>A call of the runtime on its way, and the file of its output; its errors are in the one with `.error` behind.</summary>
public sealed record RuntimeCall(System.Diagnostics.Process Process, string Output);
