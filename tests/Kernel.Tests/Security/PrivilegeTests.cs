using System.Globalization;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>Nothing of the launcher's own privileges reaches a container, nor does anything inside add to the container's.</summary>
public sealed class PrivilegeTests(TestHost host) : KernelTest(host)
{
    private const ulong NetBindService = 1UL << 10; // capability.h
    private static readonly string[] _generous =
    [
        "setpriv", "--inh-caps", "+net_raw,+net_bind_service,+sys_admin", "--ambient-caps", "+net_raw,+net_bind_service,+sys_admin",
        "--groups", "4,24,27",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Inheritable_and_ambient_capabilities_of_the_launcher_stay_behind(uint user)
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["cat", "/proc/self/status"], spec => As(spec, user));

        var status = Status(runtime.Through(_generous, "run", "--bundle", runtime.Bundle, "own"));

        Assert.Equal((0UL, 0UL), (Set(status, "CapInh"), Set(status, "CapAmb")));
        Assert.Equal(user == 0 ? Set(status, "CapBnd") : 0, Set(status, "CapEff"));
        Assert.Equal(0UL, Set(status, "CapBnd") >> 21 & 1); // CAP_SYS_ADMIN
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Supplementary_groups_of_the_launcher_stay_behind(uint user)
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["cat", "/proc/self/status"], spec => As(spec, user));
        var atRun = Status(runtime.Through(_generous, "run", "--bundle", runtime.Bundle, "groups"));
        runtime.Configure(["sleep", "100"], spec => As(spec, user));
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "groups").Text();

        var atExec = Status(runtime.Through(_generous, "exec", "groups", "cat", "/proc/self/status"));

        Assert.All([atRun, atExec], status => Assert.DoesNotContain(
            status["Groups"].Split(' ', StringSplitOptions.RemoveEmptyEntries), group => group is "4" or "24" or "27"));
    }

    [Fact]
    public void Executed_command_has_no_more_than_the_container()
    {
        using var runtime = new OciRuntime(Host);
        string[] one = ["CAP_NET_BIND_SERVICE"];
        runtime.Configure(["sleep", "100"], spec => spec with
        {
            Process = spec.Process! with
            {
                Capabilities = new LinuxCapabilities { Bounding = one, Effective = one, Permitted = one },
            },
        });
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "few").Text();

        var status = Status(runtime.Through(_generous, "exec", "few", "cat", "/proc/self/status"));

        Assert.Equal((0UL, 0UL), (Set(status, "CapInh"), Set(status, "CapAmb")));
        Assert.All(["CapEff", "CapPrm", "CapBnd"], name => Assert.Equal(NetBindService, Set(status, name)));
        Assert.Equal(("1", "2"), (status["NoNewPrivs"].Trim(), status["Seccomp"].Trim()));
    }

    // The second case shows that the program would raise its user: busybox of itself would not.
    [Theory]
    [InlineData(true, "1000 1000")]
    [InlineData(false, "1000 0")]
    public void Set_user_id_program_raises_nobody_unless_new_privileges_are_allowed(bool isDefault, string expected)
    {
        using var runtime = new OciRuntime(Host);
        HostCommand.Run("/bin/chmod", "4755", Path.Join(runtime.Rootfs, "bin/attack")).Text();
        runtime.Configure(["sleep", "100"], spec => As(spec, 1000, isDefault));
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "raise").Text();

        Assert.Equal(expected, runtime.Do("exec", "raise", "attack", "user").Text());
        runtime.Do("delete", "--force", "raise").Text();
        runtime.Configure(["attack", "user"], spec => As(spec, 1000, isDefault));
        Assert.Equal(expected, runtime.Do("run", "--bundle", runtime.Bundle, "raise").Text());
    }

    private static RuntimeSpec As(RuntimeSpec spec, uint user, bool noNewPrivileges = true) => spec with
    {
        Process = spec.Process! with { User = new UserSpec { Uid = user, Gid = user }, NoNewPrivileges = noNewPrivileges },
    };

    private static Dictionary<string, string> Status(HostCommandResult result) =>
        result.Text().Split('\n').Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim('\t'));

    private static ulong Set(Dictionary<string, string> status, string name) =>
        ulong.Parse(status[name], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
