using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class CommandLineTests(TestHost host) : OciTest(host)
{
    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("state", "container id")]
    [InlineData("start", "container id")]
    [InlineData("kill", "container id")]
    [InlineData("delete", "container id")]
    [InlineData("create", "container id")]
    [InlineData("exec", "container id")]
    [InlineData("state one two", "two")]
    [InlineData("start one two", "two")]
    [InlineData("delete one two", "two")]
    [InlineData("kill one TERM two", "two")]
    [InlineData("create --nonsense one", "--nonsense")]
    [InlineData("start --nonsense one", "--nonsense")]
    [InlineData("delete --nonsense one", "--nonsense")]
    [InlineData("exec --nonsense one", "--nonsense")]
    [InlineData("create one --bundle", "--bundle")]
    public void What_cannot_be_understood_is_named(string words, string named)
    {
        Bundle.Write(OciBundle.Id);

        Assert.Contains(named, Refused(Bundle.Runtime(words.Split(' '))), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_may_be_relative_and_options_be_written_in_every_way()
    {
        Bundle.Write(OciBundle.Id);
        string[] forms =
        [
            "--root state create --bundle . one",
            "--root=state state one",
            "--root=state start one",
            "--root state --log=log kill one KILL",
            "--log log --log-format json --systemd-cgroup --root=state delete --force one",
            "--root ./state create one --pid-file=pid -b .",
            "--root state delete one -f",
        ];

        foreach (var form in forms)
        {
            InFolder(form).Text();
        }

        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Log_in_json_is_one_line_that_can_be_parsed_for_each_error()
    {
        var log = Bundle.In("log");
        Bundle.Command("no \"such\"\n\\command");
        string[] options = ["--log", log, "--log-format", "json"];
        Bundle.Write(OciBundle.Id);

        // By the bare half, by the container's process, and by the managed half.
        Assert.Equal(1, Bundle.Runtime([.. options, "start", "nobody"]).ExitCode);
        Assert.Equal(1, Bundle.Runtime([.. options, "create", "-b", Bundle.Folder, OciBundle.Id]).ExitCode);
        Assert.Equal(1, Bundle.Runtime([.. options, "state", "no\"body"]).ExitCode);

        var lines = File.ReadAllLines(log).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Equal("error", (string)line["level"]!));
        Assert.All(lines, line => Assert.InRange(
            DateTimeOffset.Parse((string)line["time"]!, System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.UtcNow.AddMinutes(-1),
            DateTimeOffset.UtcNow.AddSeconds(1)));
        Assert.Contains("nobody", (string)lines[0]["msg"]!, StringComparison.Ordinal);
        Assert.Contains("no \"such\"", (string)lines[1]["msg"]!, StringComparison.Ordinal);
        Assert.Contains("no\"body", (string)lines[2]["msg"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Very_long_error_stays_one_line_of_json()
    {
        var log = Bundle.In("log");
        Bundle.Command(new string('"', 3000)).Write(OciBundle.Id);

        Bundle.Runtime("--log", log, "--log-format", "json", "create", "-b", Bundle.Folder, OciBundle.Id);
        Bundle.Runtime("--log", log, "--log-format", "json", "state", new string('"', 20000));

        Assert.All(File.ReadAllLines(log), line => Assert.NotEmpty((string)JsonNode.Parse(line)!["msg"]!));
        Assert.Equal(2, File.ReadAllLines(log).Length);
    }

    [Fact]
    public void Log_in_text_says_the_same()
    {
        Bundle.Runtime("--log", Bundle.In("log"), "state", "nobody");

        Assert.Matches("^time=\"[^\"]*Z\" level=error msg=\".*nobody.*\"\n$", File.ReadAllText(Bundle.In("log")));
    }

    [Fact]
    public void Version_tells_its_own_and_the_specifications()
    {
        var text = Bundle.Runtime("--version").Text();

        Assert.StartsWith("psc-runtime version ", text, StringComparison.Ordinal);
        Assert.Contains("spec: 1.3.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Slice_of_systemd_becomes_its_folders()
    {
        Bundle.Linux["cgroupsPath"] = "pscontainers-oci.slice:psc:name";
        Bundle.Write(OciBundle.Id);
        Bundle.Runtime("--systemd-cgroup", "run", "--detach", "--bundle", Bundle.Folder, OciBundle.Id).Text();

        var groups = File.ReadAllText($"/proc/{Bundle.Pid()}/cgroup");

        Assert.Contains("/pscontainers.slice/pscontainers-oci.slice/psc-name.scope\n", groups, StringComparison.Ordinal);
    }

    // Slices are shared, so the runtime leaves them; these are the test's own.
    protected override void RemoveOwn()
    {
        base.RemoveOwn();
        const string slice = "pscontainers.slice";
        foreach (var hierarchy in MountInfo.OfSelf().Where(mount => mount.FileSystem is "cgroup" or "cgroup2"))
        {
            foreach (var path in new[] { $"{slice}/pscontainers-oci.slice", slice }.Select(name => Path.Join(hierarchy.MountPoint, name)))
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path);
                }
            }
        }
    }

    private HostCommandResult InFolder(string words) => HostCommand.Run(
        "/bin/bash", "-c", $"cd {Bundle.Folder} && exec {Repository.Launcher} {words} </dev/null >out 2>&1; cat out >&2");
}
