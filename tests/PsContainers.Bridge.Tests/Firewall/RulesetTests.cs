using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Tests.Firewall;

/// <summary>The text that nft gets, compared with files; and that it takes it.</summary>
public sealed class RulesetTests
{
    private static readonly HostNetwork _host = new([], []);
    private static readonly Ruleset _rules = new("inet pscontainers");

    public static TheoryData<string> Cases => ["empty.nft", "networks.nft", "guarded.nft"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_is_that_of_the_file(string file)
    {
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Firewall", file));

        Assert.Equal(expected, TextOf(file));
    }

    [Fact]
    public void Elements_are_added_and_removed_in_one_command_for_each_set()
    {
        FirewallElement[] elements =
        [
            new("ports4", "tcp . 8080", "10.90.0.2 . 80"), new("bridges", "psc0"), new("ports4", "udp . 53", "10.90.0.2 . 53"),
            new("pairs", "psc0 . psc0"), new("sources4", "psc0", "192.0.2.1"), new("subnets4", "psc0 . 10.90.0.0/16"),
        ];

        Assert.Equal(
            """
            add element inet pscontainers ports4 { tcp . 8080 : 10.90.0.2 . 80, udp . 53 : 10.90.0.2 . 53 }
            add element inet pscontainers bridges { "psc0" }
            add element inet pscontainers pairs { "psc0" . "psc0" }
            add element inet pscontainers sources4 { "psc0" : 192.0.2.1 }
            add element inet pscontainers subnets4 { "psc0" . 10.90.0.0/16 }

            """,
            _rules.Add(elements));
        Assert.Equal("delete element inet pscontainers ports4 { tcp . 8080, udp . 53 }\n", _rules.Delete([elements[0], elements[2]]));
    }

    [Theory]
    [InlineData("ports4 tcp . 8080 : 10.90.0.2 . 80")]
    [InlineData("bound6 2001:db8::1 . tcp . 8080 : fd00::2 . 80")]
    [InlineData("subnets6 psc0 . fd00::/64")]
    [InlineData("bridges psc0")]
    public void Elements_are_read_as_they_were_written(string line)
    {
        Assert.Equal(line, $"{FirewallElement.TryParse(line)}");
    }

    // The kernel's elements come back as they were given, or every check would find them wanting.
    [Fact]
    public void Everything_is_taken_twice_and_listed_as_it_was_given()
    {
        using var host = new HostOfItsOwn();
        var elements = Elements().ToList();

        host.NftDo(_rules.Whole(ForwardingGuard.IPv4 | ForwardingGuard.IPv6, elements));
        host.NftDo(_rules.Whole(ForwardingGuard.IPv4 | ForwardingGuard.IPv6, elements));

        Assert.Equal(elements.ToHashSet(), [.. host.Itself.Run(new TableListing(_rules).Elements)]);
        Assert.Empty(host.Itself.Run(() => new TableListing(_rules).Differences(ForwardingGuard.IPv4 | ForwardingGuard.IPv6)));
        Assert.NotEmpty(host.Itself.Run(() => new TableListing(_rules).Differences(ForwardingGuard.None)));
        host.NftDo(_rules.DeleteTable());
    }

    [Fact]
    public void Refusal_is_one_line_in_nfts_words()
    {
        using var host = new HostOfItsOwn();

        var error = host.Itself.Run(() => Nftables.TryRun("add element inet nowhere ports { tcp . 1 : 10.0.0.1 . 1 }"));

        Assert.NotNull(error);
        Assert.DoesNotContain('\n', error);
        Assert.Contains("No such file or directory", error, StringComparison.Ordinal);
    }

    private static string TextOf(string file) => file switch
    {
        "empty.nft" => _rules.Whole(ForwardingGuard.None, []),
        "guarded.nft" => _rules.Whole(ForwardingGuard.IPv4 | ForwardingGuard.IPv6, []),
        _ => _rules.Whole(ForwardingGuard.None, Elements()),
    };

    private static IEnumerable<FirewallElement> Elements()
    {
        var one = NetworkDefiner.Define(Wanted.Network("bridge") with { HasIPv6 = true }, [], _host);
        var inside = NetworkDefiner.Define(Wanted.Network("inside").With(("icc", "false")) with { IsInternal = true }, [one], _host);
        var open = NetworkDefiner.Define(
            Wanted.Network("open").With(("isolate", "false"), ("masquerade", "false"), ("hostAddress", "192.0.2.7")), [one, inside], _host);
        var container = new AttachmentPlan
        {
            Request = new()
            {
                ContainerId = Wanted.Id("c"),
                ContainerName = "c",
                Network = one,
                Interface = "eth0",
                Addresses = ["10.90.0.2/16", $"{Subnets.Add(System.Net.IPAddress.Parse(one.Subnets[1].Gateway!), 1)}/64"],
                Ports =
                [
                    Wanted.Port("8080:80"),
                    Wanted.Port("127.0.0.1:8081:80"),
                    Wanted.Port("5353:53/udp"),
                    Wanted.Port("[2001:db8::1]:8082:80"),
                    Wanted.Port("0.0.0.0:8083:80"),
                    Wanted.Port("[::]:8084:80/sctp"),
                ],
            },
        };
        return
        [
            .. NetworkElements.Of(one), .. NetworkElements.Of(inside), .. NetworkElements.Of(open), .. new Attachment(container).Elements,
        ];
    }
}
