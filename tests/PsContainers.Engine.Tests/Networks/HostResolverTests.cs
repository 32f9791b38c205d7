using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Tests.Networks;

public sealed class HostResolverTests
{
    [Fact]
    public void Servers_domains_and_options_are_read()
    {
        var resolver = HostResolver.Parse(
        [
            "# by hand", "nameserver 10.0.0.53", "nameserver\tfd00::53", "search a.example b.example", "options ndots:2 timeout:1",
            "options rotate",
        ]);

        Assert.Equal(["10.0.0.53", "fd00::53"], resolver.NameServers);
        Assert.Equal(["a.example", "b.example"], resolver.Search);
        Assert.Equal(["ndots:2", "timeout:1", "rotate"], resolver.Options);
    }

    [Theory]
    [InlineData("domain a.example", "search b.example")]
    [InlineData("search a.example", "search b.example")]
    [InlineData("search a.example", "domain b.example")]
    public void The_last_list_of_domains_counts(params string[] lines)
    {
        Assert.Equal(["b.example"], HostResolver.Parse(lines).Search);
    }

    [Fact]
    public void What_is_no_setting_is_passed_over()
    {
        var resolver = HostResolver.Parse(
            ["", "   ", ";nameserver 10.0.0.1", "#nameserver 10.0.0.2", "nameserver", "nameserver here", "sortlist 10.0.0.0", "options"]);

        Assert.Empty(resolver.NameServers);
        Assert.Empty(resolver.Search);
        Assert.Empty(resolver.Options);
    }

    [Fact]
    public void Words_behind_a_server_belong_to_nobody()
    {
        Assert.Equal(["10.0.0.53"], HostResolver.Parse(["  nameserver   10.0.0.53  # the office"]).NameServers);
    }
}
