using PsContainers.Engine.Isolation;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Engine.Tests.Isolation;

public sealed class CapabilityChoiceTests
{
    [Fact]
    public void Names_are_taken_with_and_without_their_beginning_in_any_case() => Assert.Equal(
        ["CAP_NET_ADMIN", "CAP_SYS_PTRACE", "ALL"],
        CapabilityChoice.Normalize(["net_admin", "Cap_Sys_Ptrace", "NET_ADMIN", "all"]));

    [Theory]
    [InlineData("NET_ADMINISTRATOR")]
    [InlineData("")]
    [InlineData("CAP_")]
    [InlineData("12")]
    public void What_is_no_capability_is_named(string name)
    {
        var error = Assert.Throws<ContainerEngineException>(() => CapabilityChoice.Normalize(["KILL", name]));

        Assert.Equal(("InvalidCapability", name), (error.ErrorId, error.Target));
    }

    [Theory]
    [InlineData("CAP_KILL")]
    [InlineData("ALL")]
    public void What_is_both_added_and_dropped_is_refused(string name)
    {
        var error = Assert.Throws<ContainerEngineException>(() => CapabilityChoice.Check([name], ["CAP_CHOWN", name]));

        Assert.Equal("InvalidCapability", error.ErrorId);
    }

    [Fact]
    public void Nothing_asked_for_is_the_usual_fourteen() => Assert.Equal(CapabilitySet.Default, Of([], []));

    [Fact]
    public void One_is_added_and_one_is_dropped() => Assert.Equal(
        (CapabilitySet.Default | Bits("CAP_NET_ADMIN")) & ~Bits("CAP_KILL"), Of(["CAP_NET_ADMIN"], ["CAP_KILL"]));

    [Fact]
    public void All_dropped_and_one_added_is_that_one() => Assert.Equal(Bits("CAP_CHOWN"), Of(["CAP_CHOWN"], ["ALL"]));

    [Fact]
    public void All_added_and_one_dropped_is_what_the_engine_has_but_that_one() => Assert.Equal(
        CapabilitySet.OfSelf & ~Bits("CAP_SYS_BOOT"), Of(["ALL"], ["CAP_SYS_BOOT"]));

    [Fact]
    public void Privileged_is_everything_that_the_engine_has() => Assert.Equal(
        CapabilitySet.OfSelf,
        CapabilityChoice.Of(Sample.Settings() with { Privileged = true, CapDrop = ["CAP_KILL"] }));

    private static ulong Bits(string name) => CapabilitySet.Parse([name]);

    private static ulong Of(string[] added, string[] dropped) =>
        CapabilityChoice.Of(Sample.Settings() with { CapAdd = added, CapDrop = dropped });
}
