using System.Globalization;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class PrivilegeTests(TestHost host) : KernelTest(host)
{
    // CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP
    private const ulong UsualFourteen = 0xa80425fb;

    [Theory]
    [InlineData("CapEff", UsualFourteen)]
    [InlineData("CapPrm", UsualFourteen)]
    [InlineData("CapBnd", UsualFourteen)]
    [InlineData("CapInh", 0)]
    [InlineData("CapAmb", 0)]
    public void Root_has_the_usual_capabilities(string set, ulong expected) => Assert.Equal(expected, Status(set));

    [Theory]
    [InlineData("CapEff", 0)]
    [InlineData("CapPrm", 0)]
    [InlineData("CapAmb", 0)]
    [InlineData("CapBnd", UsualFourteen)]
    public void Another_user_has_no_capability(string set, ulong expected) => Assert.Equal(expected, Status(set, "alice"));

    [Fact]
    public void Default_set_is_the_usual_fourteen() => Assert.Equal(UsualFourteen, CapabilitySet.Default);

    [Fact]
    public void New_privileges_cannot_be_gained() => Assert.Equal(1UL, Status("NoNewPrivs"));

    [Fact]
    public void System_calls_are_filtered() => Assert.Equal(2UL, Status("Seccomp"));

    [Theory]
    [InlineData("SigIgn")]
    [InlineData("SigBlk")]
    public void No_signal_is_ignored_or_blocked(string set) => Assert.Equal(0UL, Status(set));

    [Fact]
    public void Set_user_id_program_gains_nothing()
    {
        var said = Say("cp /bin/busybox /tmp/id && chmod 4755 /tmp/id && su alice -s /bin/sh -c '/tmp/id -u'");

        Assert.Equal("1000", said);
    }

    [Fact]
    public void Dangerous_system_calls_are_refused()
    {
        var answers = Say("probe-syscalls").Split('\n').Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);

        Assert.Equal(36, answers.Count);
        Assert.Empty(answers.Where(answer => answer.Value != Expected(answer.Key)).Select(answer => $"{answer.Key} {answer.Value}"));
    }

    // clone3(2) passes its flags in memory, which a filter cannot see: ENOSYS makes the C library fall back to clone(2).
    private static string Expected(string call) => call == "clone3" ? "ENOSYS" : "EPERM";

    private ulong Status(string name, string user = "root")
    {
        // Not through the shell, which ignores a signal of its own accord.
        var text = Run(Creation(["grep", $"^{name}:", "/proc/self/status"], creation => creation with { User = user })).Text();
        return ulong.Parse(text[(name.Length + 1)..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
