using System.Net.Sockets;
using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

public sealed class SeccompAgentTests(TestHost host) : OciTest(host)
{
    private const int EPERM = 1;

    private System.Diagnostics.Process? _agent;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Agent_answers_the_calls_of_a_container(bool noNewPrivileges, bool started)
    {
        Bundle.Process["noNewPrivileges"] = noNewPrivileges;
        UseAgent(EPERM);
        Bundle.Script("mkdir /tmp/made 2> /tmp/said; echo $? > /tmp/code");

        if (started)
        {
            Bundle.Create().Text();
            Bundle.Runtime("start", OciBundle.Id).Text();
        }
        else
        {
            Bundle.Run("--detach").Text();
        }

        Assert.Equal("1\n", WaitForFile(Path.Join(Bundle.RootPath, "tmp/code")));
        Assert.Contains("Operation not permitted", File.ReadAllText(Path.Join(Bundle.RootPath, "tmp/said")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(Bundle.RootPath, "tmp/made")));
        Assert.Equal(["call"], Answered());
    }

    [Fact]
    public void Call_can_be_made_to_succeed_without_being_made()
    {
        UseAgent(0);

        Bundle.Say("mkdir /tmp/made; test ! -e /tmp/made");
    }

    [Fact]
    public void Agent_gets_the_state_and_the_metadata()
    {
        UseAgent(EPERM);
        Bundle.Linux["seccomp"]!["listenerMetadata"] = "a \"b\"";
        Bundle.Config["annotations"] = new JsonObject { ["k"] = "v" };

        Bundle.Say("true");

        var told = JsonNode.Parse(_agent!.StandardOutput.ReadLine()!)!;
        Assert.Equal("1.3.0", (string)told["ociVersion"]!);
        Assert.Equal("seccompFd", (string)told["fds"]![0]!);
        Assert.Equal("a \"b\"", (string)told["metadata"]!);
        Assert.Equal("creating", (string)told["state"]!["status"]!);
        Assert.Equal(OciBundle.Id, (string)told["state"]!["id"]!);
        Assert.Equal((int)told["pid"]!, (int)told["state"]!["pid"]!);
        Assert.Equal("v", (string)told["state"]!["annotations"]!["k"]!);
    }

    [Fact]
    public void Agent_answers_the_calls_of_a_command_that_is_executed()
    {
        UseAgent(EPERM);
        var pid = Bundle.StartDetached();
        _agent!.StandardOutput.ReadLine();
        StopAgent();
        StartAgent(EPERM);

        Assert.Equal(1, Bundle.Exec(OciBundle.Id, "mkdir", "/tmp/made").ExitCode);

        var told = JsonNode.Parse(_agent.StandardOutput.ReadLine()!)!;
        Assert.Equal("running", (string)told["state"]!["status"]!);
        Assert.Equal(pid, (int)told["state"]!["pid"]!);
        Assert.NotEqual(pid, (int)told["pid"]!);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("create")]
    public void Absent_agent_is_an_error_that_names_its_socket_and_leaves_nothing(string command)
    {
        UseFilter();
        if (command == "run")
        {
            Assert.Contains(SocketPath, Refused(Bundle.Run(), 125), StringComparison.Ordinal);
        }
        else
        {
            Bundle.Create().Text();
            Assert.Contains(SocketPath, Refused(Bundle.Runtime("start", OciBundle.Id)), StringComparison.Ordinal);
            WaitForStatus("stopped");
            Bundle.Runtime("delete", OciBundle.Id).Text();
        }

        Assert.Empty(Bundle.Ids());
    }

    [Theory]
    [InlineData("run")]
    [InlineData("exec")]
    public void Agent_that_accepts_nobody_is_an_error_that_names_its_socket_and_leaves_nothing(string command)
    {
        UseAgent(EPERM);
        if (command == "exec")
        {
            Bundle.StartDetached();
            _agent!.StandardOutput.ReadLine();
        }

        StopAgent();
        File.Delete(SocketPath);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        first.Connect(new UnixDomainSocketEndPoint(SocketPath));

        var result = command == "exec" ? Bundle.Exec(OciBundle.Id, "true") : Bundle.Run();

        Assert.Contains(SocketPath, Refused(result, 125), StringComparison.Ordinal);
        Assert.Contains("ETIMEDOUT", result.Error, StringComparison.Ordinal);
        Assert.Equal(command == "exec" ? [OciBundle.Id] : [], Bundle.Ids());
    }

    [Fact]
    public void Absent_agent_is_an_error_of_an_exec_and_the_container_goes_on()
    {
        UseAgent(EPERM);
        var pid = Bundle.StartDetached();
        _agent!.StandardOutput.ReadLine();
        StopAgent();
        File.Delete(SocketPath);

        Assert.Contains(SocketPath, Refused(Bundle.Exec(OciBundle.Id, "true"), 125), StringComparison.Ordinal);

        Assert.Equal("running", Bundle.Status());
        Assert.Equal([pid], Bundle.Runtime("ps", "--format", "json", OciBundle.Id).Text().Trim('[', ']').Split(',').Select(int.Parse));
        StartAgent(EPERM);
        Bundle.Exec(OciBundle.Id, "true").Text();
    }

    protected override void RemoveOwn()
    {
        base.RemoveOwn();
        StopAgent();
    }

    private string SocketPath => Bundle.In("agent.sock");

    private string[] Answered()
    {
        Bundle.Runtime("delete", "--force", OciBundle.Id);
        var lines = _agent!.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Skip(1).Select(line => line.Split(' ')[0])];
    }

    private void UseAgent(int errno)
    {
        UseFilter();
        StartAgent(errno);
    }

    private void UseFilter()
    {
        Bundle.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["listenerPath"] = SocketPath,
            ["syscalls"] = new JsonArray(new JsonObject
            {
                ["names"] = new JsonArray("mkdir", "mkdirat"),
                ["action"] = "SCMP_ACT_NOTIFY",
            }),
        };
    }

    private void StartAgent(int errno)
    {
        File.Delete(SocketPath);
        _agent = HostCommand.Start(Path.Join(Host.BusyboxRoot, "bin/probe-agent"), [SocketPath, $"{errno}"]);
        Assert.Equal("listens", _agent.StandardOutput.ReadLine());
    }

    private void StopAgent()
    {
        if (_agent is { } agent)
        {
            agent.Kill();
            agent.WaitForExit();
            agent.Dispose();
            _agent = null;
        }
    }
}
