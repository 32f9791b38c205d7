using CsCheck;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Devices;

namespace PsContainers.Runtime.Tests.Devices;

public sealed class DeviceProgramTests
{
    private const uint Mknod = 1;
    private const uint Read = 2;
    private const uint Write = 4;

    private static readonly LinuxDeviceCgroup _denyAll = new() { Allow = false, Access = "rwm" };

    [Theory]
    [InlineData('c', 1, 3, Read | Write, true)] // null
    [InlineData('c', 1, 9, Read, true)] // urandom
    [InlineData('c', 136, 7, Read | Write, true)] // a pseudo-terminal
    [InlineData('c', 10, 200, Mknod, true)] // a node of tun may be made …
    [InlineData('c', 10, 200, Read, false)] // … but not opened
    [InlineData('b', 8, 0, Mknod, true)]
    [InlineData('b', 8, 0, Read, false)] // the disk
    [InlineData('b', 1, 3, Read, false)]
    [InlineData('c', 1, 1, Read, false)] // mem
    public void A_container_may_use_the_usual_devices_alone(char kind, uint major, uint minor, uint access, bool allowed) =>
        Assert.Equal(allowed, Run([_denyAll], kind, major, minor, access));

    [Fact]
    public void The_last_rule_that_matches_wins()
    {
        LinuxDeviceCgroup[] rules =
        [
            new() { Allow = true },
            new() { Allow = false, Type = "b", Major = 8 },
            new() { Allow = true, Type = "b", Major = 8, Minor = 1, Access = "r" },
        ];

        Assert.True(Run(rules, 'b', 8, 1, Read));
        Assert.False(Run(rules, 'b', 8, 1, Read | Write));
        Assert.False(Run(rules, 'b', 8, 2, Read));
        Assert.True(Run(rules, 'b', 9, 2, Read | Write));
    }

    [Fact]
    public void Accesses_may_be_allowed_by_different_rules()
    {
        LinuxDeviceCgroup[] rules =
        [
            _denyAll,
            new() { Allow = true, Type = "c", Major = 10, Minor = 200, Access = "r" },
            new() { Allow = true, Type = "c", Major = 10, Access = "w" },
        ];

        Assert.True(Run(rules, 'c', 10, 200, Read | Write));
        Assert.False(Run(rules, 'c', 10, 201, Read | Write));
    }

    [Fact]
    public void Every_program_answers_as_its_rules_read() =>
        Gen.Select(_rules, _kind, _number, _number, Gen.UInt[1, 7]).Sample((rules, kind, major, minor, access) =>
            Assert.Equal(Evaluate(rules, kind, major, minor, access), Run(rules, kind, major, minor, access)));

    // What version 1 is told, followed by the kernel's rules for exceptions (security/device_cgroup.c), comes to the same.
    [Fact]
    public void Exceptions_for_version_1_mean_the_same_for_each_access() =>
        Gen.Select(_rules, _kind, _number, _number, Gen.OneOf(Mknod, Read, Write)).Sample((rules, kind, major, minor, access) =>
        {
            var effective = DeviceRules.Effective(rules);
            IReadOnlyList<DeviceRule> exceptions;
            try
            {
                exceptions = effective.Exceptions();
            }
            catch (InvalidSettingException)
            {
                return;
            }

            var excepted = exceptions.Any(e => Matches(e, kind, major, minor) && ((uint)e.Access & access) == access);
            Assert.Equal(Evaluate(rules, kind, major, minor, access), excepted != effective.AllowByDefault);
        });

    [Fact]
    public void What_version_1_cannot_express_is_refused()
    {
        LinuxDeviceCgroup[] rules =
        [
            _denyAll,
            new() { Allow = true, Type = "b" },
            new() { Allow = false, Type = "b", Major = 8, Access = "rw" },
        ];

        var refusal = Assert.Throws<InvalidSettingException>(() => DeviceRules.Effective(rules).Exceptions());

        Assert.Equal("linux.resources.devices: cgroup version 1 cannot take 'b 8:* rw' out of 'b *:* rwm'", refusal.Message);
    }

    private static readonly Gen<char> _kind = Gen.OneOf('b', 'c');
    private static readonly Gen<uint> _number = Gen.UInt[0, 3];

    private static readonly Gen<LinuxDeviceCgroup[]> _rules = Gen.Select(
        Gen.Bool,
        Gen.OneOf<string?>("a", "b", "c", null),
        Gen.Long[-1, 3],
        Gen.Long[-1, 3],
        Gen.OneOf<string?>("r", "w", "m", "rw", "rwm", null),
        (allow, type, major, minor, access) =>
            new LinuxDeviceCgroup { Allow = allow, Type = type, Major = major, Minor = minor, Access = access })
        .Array[0, 8];

    private static bool Run(LinuxDeviceCgroup[] rules, char kind, uint major, uint minor, uint access)
    {
        var program = DeviceProgram.Compile(DeviceRules.Effective(rules));
        return DeviceProgramInterpreter.Run(program, access << 16 | (kind == 'b' ? 1u : 2u), major, minor);
    }

    private static bool Evaluate(LinuxDeviceCgroup[] rules, char kind, uint major, uint minor, uint access)
    {
        uint[] bits = [Mknod, Read, Write];
        return bits.Where(bit => (access & bit) != 0).All(bit =>
            rules.Concat(DefaultDevices.Rules).LastOrDefault(rule => Matches(rule, kind, major, minor, bit))?.Allow is true);
    }

    private static bool Matches(LinuxDeviceCgroup rule, char kind, uint major, uint minor, uint bit) =>
        (rule.Type is null or "a" || rule.Type[0] == kind)
        && (rule.Major is null or < 0 || rule.Major == major)
        && (rule.Minor is null or < 0 || rule.Minor == minor)
        && (rule.Access ?? "rwm").Contains("?mr?w"[(int)bit], StringComparison.Ordinal);

    private static bool Matches(DeviceRule rule, char kind, uint major, uint minor) =>
        rule.Kind == kind && (rule.Major is null || rule.Major == major) && (rule.Minor is null || rule.Minor == minor);
}
