using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class IdMapTests
{
    [Fact]
    public void Ranges_become_lines() =>
        Assert.Equal("0 100000 1\n1 200000 10\n", IdMap.Text([new(0, 100000, 1), new(1, 200000, 10)], "linux.uidMappings"));

    [Fact]
    public void Range_may_end_at_the_last_id_there_is() =>
        Assert.Equal("0 0 4294967295\n", IdMap.Text([new(0, 0, uint.MaxValue)], "linux.uidMappings"));

    [Theory]
    [InlineData(0u, 0u, 0u)]
    [InlineData(1u, 0u, 4294967295u)]
    [InlineData(0u, 1u, 4294967295u)]
    public void Range_that_is_none_is_named(uint inside, uint outside, uint size) => Assert.Contains(
        "linux.uidMappings[0]", Refusal(new LinuxIdMapping(inside, outside, size)), StringComparison.Ordinal);

    [Fact]
    public void Overlap_is_named_on_either_side()
    {
        Assert.Contains("linux.uidMappings[1]: overlaps", Refusal(new(0, 0, 10), new(9, 100, 1)), StringComparison.Ordinal);
        Assert.Contains("linux.uidMappings[1]: overlaps", Refusal(new(0, 0, 10), new(10, 9, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_are_refused()
    {
        LinuxIdMapping[] mappings = [.. Enumerable.Range(0, 341).Select(i => new LinuxIdMapping((uint)i, (uint)i, 1))];
        Assert.Contains("340", Refusal(mappings), StringComparison.Ordinal);
    }

    [Fact]
    public void Root_is_zero_where_it_is_mapped_and_else_the_first_id()
    {
        Assert.Equal(0u, IdMap.Root(null));
        Assert.Equal(0u, IdMap.Root([new(5, 100, 1), new(0, 0, 1)]));
        Assert.Equal(5u, IdMap.Root([new(5, 100, 1), new(9, 0, 1)]));
    }

    private static string Refusal(params LinuxIdMapping[] mappings) =>
        Assert.Throws<InvalidSettingException>(() => IdMap.Text(mappings, "linux.uidMappings")).Message;
}
