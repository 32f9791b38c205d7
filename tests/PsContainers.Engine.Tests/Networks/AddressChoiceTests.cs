using System.Net;
using CsCheck;
using PsContainers.Drivers;
using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Tests.Networks;

public sealed class AddressChoiceTests
{
    private static readonly Gen<(SubnetDefinition Subnet, IPAddress[] Taken)> _networks = SmallNetworks();

    [Theory]
    [InlineData("10.90.0.0/24", "10.90.0.1", null, "10.90.0.2")]
    [InlineData("10.90.0.0/24", "10.90.0.254", null, "10.90.0.1")]
    [InlineData("10.90.0.0/24", null, null, "10.90.0.1")]
    [InlineData("10.0.0.0/8", "10.0.0.1", null, "10.0.0.2")]
    [InlineData("10.90.0.0/30", "10.90.0.1", null, "10.90.0.2")]
    [InlineData("10.90.0.0/31", "10.90.0.0", null, "10.90.0.1")]
    [InlineData("10.90.0.0/31", null, null, "10.90.0.0")]
    [InlineData("10.90.0.7/32", null, null, "10.90.0.7")]
    [InlineData("fd00::/64", "fd00::1", null, "fd00::2")]
    [InlineData("fd00::/64", null, null, "fd00::1")]
    [InlineData("fd00::/127", "fd00::", null, "fd00::1")]
    [InlineData("fd00::7/128", null, null, "fd00::7")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.128/25", "10.90.0.128")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.0/28", "10.90.0.2")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.100-10.90.0.199", "10.90.0.100")]
    [InlineData("10.90.0.0/24", "10.90.0.100", "10.90.0.100-10.90.0.199", "10.90.0.101")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.9-10.90.0.9", "10.90.0.9")]
    [InlineData("fd00::/64", "fd00::1", "fd00::ff00/120", "fd00::ff00")]
    public void First_container_gets_the_lowest_address_that_can_be_given(string subnet, string? gateway, string? range, string expected)
    {
        var choice = new AddressChoice(Subnet(subnet, gateway, range));

        Assert.Equal(IPAddress.Parse(expected), choice.Choose([]));
    }

    [Theory]
    [InlineData("10.90.0.0/30", "10.90.0.1", null, "10.90.0.2")]
    [InlineData("10.90.0.0/30", "10.90.0.2", null, "10.90.0.1")]
    [InlineData("10.90.0.0/31", "10.90.0.0", null, "10.90.0.1")]
    [InlineData("10.90.0.7/32", null, null, "10.90.0.7")]
    [InlineData("fd00::/127", "fd00::1", null, "fd00::")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.8-10.90.0.9", "10.90.0.8", "10.90.0.9")]
    [InlineData("10.90.0.0/24", "10.90.0.9", "10.90.0.8-10.90.0.9", "10.90.0.8")]
    [InlineData("10.90.0.0/24", "10.90.0.1", "10.90.0.252/30", "10.90.0.252", "10.90.0.253", "10.90.0.254")]
    public void When_all_are_taken_nobody_gets_one(string subnet, string? gateway, string? range, params string[] taken)
    {
        var choice = new AddressChoice(Subnet(subnet, gateway, range));
        var addresses = taken.Select(IPAddress.Parse).ToList();

        Assert.NotNull(choice.Choose(addresses.SkipLast(1)));
        Assert.Null(choice.Choose(addresses));
    }

    [Fact]
    public void Address_that_was_given_back_is_the_next_one_given()
    {
        var choice = new AddressChoice(Subnet("10.90.0.0/24", "10.90.0.1"));

        var taken = Enumerable.Range(2, 200).Where(last => last != 77).Select(last => new IPAddress([10, 90, 0, (byte)last]));
        var chosen = choice.Choose(taken);

        Assert.Equal(IPAddress.Parse("10.90.0.77"), chosen);
    }

    [Theory]
    [InlineData("10.90.0.0/24", "10.90.0.0", true)]
    [InlineData("10.90.0.0/24", "10.90.0.255", true)]
    [InlineData("10.90.0.0/24", "10.90.0.1", true)]
    [InlineData("10.90.0.0/24", "10.90.0.2", false)]
    [InlineData("10.90.0.0/24", "10.90.0.254", false)]
    [InlineData("fd00::/64", "fd00::", true)]
    [InlineData("fd00::/64", "fd00::ffff:ffff:ffff:ffff", false)]
    public void Address_of_nobody_or_of_the_gateway_cannot_be_asked_for(string subnet, string address, bool isFault)
    {
        var choice = new AddressChoice(Subnet(subnet, "10.90.0.1"));

        Assert.Equal(isFault, choice.Fault(IPAddress.Parse(address)) is not null);
    }

    [Fact]
    public void Nobody_gets_an_address_that_is_taken_or_stands_for_something_else()
    {
        _networks.Sample(network =>
        {
            var chosen = new AddressChoice(network.Subnet).Choose(network.Taken);

            return chosen is null || Free(network.Subnet, network.Taken).Contains(chosen);
        });
    }

    [Fact]
    public void Somebody_gets_an_address_as_long_as_one_is_free()
    {
        _networks.Sample(network =>
        {
            var chosen = new AddressChoice(network.Subnet).Choose(network.Taken);

            return chosen is null == (Free(network.Subnet, network.Taken).Count == 0);
        });
    }

    private static SubnetDefinition Subnet(string subnet, string? gateway, string? range = null) =>
        new() { Subnet = subnet, Gateway = gateway, Range = range };

    // Every address one by one, as a user would count them.
    private static List<IPAddress> Free(SubnetDefinition subnet, IPAddress[] taken)
    {
        var whole = All(IPNetwork.Parse(subnet.Subnet));
        var isV6 = whole[0].GetAddressBytes().Length == 16;
        IEnumerable<IPAddress> hosts = whole.Count <= 2 ? whole : whole.Skip(1).SkipLast(isV6 ? 0 : 1);
        var gateway = subnet.Gateway is { } text ? IPAddress.Parse(text) : null;
        var range = subnet.Range?.Split('-').Select(text => whole.IndexOf(IPAddress.Parse(text))).ToArray() ?? [0, whole.Count - 1];
        var isInRange = whole.Where((_, i) => i >= range[0] && i <= range[1]).ToHashSet();
        return [.. hosts.Where(address => !address.Equals(gateway) && !taken.Contains(address) && isInRange.Contains(address))];
    }

    private static List<IPAddress> All(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var count = 1 << ((bytes.Length * 8) - network.PrefixLength);
        return [.. Enumerable.Range(0, count).Select(offset => new IPAddress([.. bytes[..^1], (byte)(bytes[^1] + offset)]))];
    }

    // Subnets of 1 to 16 addresses of either family at any place of a byte, with or without gateway and range, and any of them taken;
    // addresses of another subnet of the network as well.
    private static Gen<(SubnetDefinition Subnet, IPAddress[] Taken)> SmallNetworks() =>
        from isV6 in Gen.Bool
        from bits in Gen.Int[0, 4]
        from place in Gen.Int[0, (256 >> bits) - 1]
        let last = (byte)(place << bits)
        let network = new IPNetwork(new IPAddress(isV6 ? [0xfd, .. new byte[14], last] : [10, 90, 5, last]), (isV6 ? 128 : 32) - bits)
        let all = All(network)
        from gateway in Gen.Int[-1, all.Count - 1]
        from first in Gen.Int[-1, all.Count - 1]
        from end in Gen.Int[Math.Max(first, 0), all.Count - 1]
        from taken in Gen.Bool.Array[all.Count]
        from others in Gen.Byte.Array[0, 3]
        select (
            Subnet($"{network}", gateway < 0 ? null : $"{all[gateway]}", first < 0 ? null : $"{all[first]}-{all[end]}"),
            all.Where((_, i) => taken[i]).Concat(others.Select(other => new IPAddress([192, 168, 0, other])))
                .OrderBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal).ToArray());
}
