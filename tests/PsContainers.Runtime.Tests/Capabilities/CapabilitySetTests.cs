using PsContainers.Runtime.Capabilities;

namespace PsContainers.Runtime.Tests.Capabilities;

public sealed class CapabilitySetTests
{
    [Theory]
    [InlineData("CAP_CHOWN", 0)]
    [InlineData("CAP_KILL", 5)]
    [InlineData("CAP_SYS_ADMIN", 21)]
    [InlineData("CAP_SYSLOG", 34)]
    [InlineData("CAP_CHECKPOINT_RESTORE", 40)]
    public void A_name_has_the_bit_of_the_kernel_header(string name, int bit) => Assert.Equal(bit, CapabilitySet.Bit(name));

    [Fact]
    public void There_are_forty_one_names() => Assert.Equal(41, CapabilitySet.All.Count);

    // The number is what /proc/self/status shows as CapEff in a container of Docker.
    [Fact]
    public void The_default_is_the_usual_fourteen() => Assert.Equal(0xA80425FBUL, CapabilitySet.Default);

    [Theory]
    [InlineData("net_admin")]
    [InlineData("NET_ADMIN")]
    [InlineData("Cap_Net_Admin")]
    public void Prefix_and_case_do_not_matter(string name) => Assert.Equal(1UL << 12, CapabilitySet.Parse([name]));

    [Fact]
    public void All_stands_for_what_the_kernel_knows() => Assert.Equal(CapabilitySet.Supported, CapabilitySet.Parse(["ALL"]));

    [Fact]
    public void Names_and_bits_round_trip() =>
        Assert.Equal(CapabilitySet.Default, CapabilitySet.Parse(CapabilitySet.Names(CapabilitySet.Default)));

    [Theory]
    [InlineData("CAP_FLY")]
    [InlineData("")]
    [InlineData("CAP_")]
    public void An_unknown_name_is_refused_by_name(string name)
    {
        var refusal = Assert.Throws<InvalidSettingException>(() => CapabilitySet.Parse(["CAP_KILL", name]));

        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
    }
}
