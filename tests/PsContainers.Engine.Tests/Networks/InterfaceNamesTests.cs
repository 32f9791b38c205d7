using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Tests.Networks;

public sealed class InterfaceNamesTests
{
    [Fact]
    public void Links_are_counted_from_eth0()
    {
        var names = new InterfaceNames([]);

        Assert.Equal(["eth0", "eth1", "eth2"], Enumerable.Range(0, 3).Select(_ => names.Next()));
    }

    [Fact]
    public void Names_that_were_asked_for_are_left_out_of_the_count()
    {
        var names = new InterfaceNames(["eth0"]);

        Assert.True(names.TryTake("eth1"));
        Assert.True(names.TryTake("wan"));
        Assert.Equal("eth2", names.Next());
        Assert.False(names.TryTake("eth2"));
        Assert.False(names.TryTake("eth0"));
    }
}
