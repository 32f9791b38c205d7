using CsCheck;
using PsContainers.Resolver.Messages;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Messages;

public sealed class QueryTests
{
    [Fact]
    public void A_question_is_read()
    {
        var query = Parse(DnsClient.Question("Web.Net", DnsClient.AAAA));

        Assert.NotNull(query);
        Assert.Equal(DnsClient.AAAA, query.Value.Type);
        Assert.True(query.Value.IsInternet);
        Assert.False(query.Value.IsExtended);
        Assert.Equal(512, query.Value.PayloadLimit);
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(511, 512)]
    [InlineData(1232, 1232)]
    [InlineData(65535, 65535)]
    public void The_payload_size_is_at_least_512(int said, int limit)
    {
        var query = Parse(DnsClient.Question("web", payload: said));

        Assert.True(query!.Value.IsExtended);
        Assert.Equal(limit, query.Value.PayloadLimit);
    }

    [Fact]
    public void A_second_extension_is_refused()
    {
        var message = DnsClient.Question("web", payload: 1232);
        byte[] two = [.. message, .. message[^11..]];
        two[11] = 2;

        Assert.Null(Parse(two));
    }

    [Fact]
    public void An_extension_among_the_answers_or_with_a_name_is_refused()
    {
        var asAnswer = DnsClient.Question("web", payload: 1232);
        (asAnswer[7], asAnswer[11]) = (1, 0);
        var message = DnsClient.Question("web", payload: 1232);
        byte[] named = [.. message[..^11], 1, (byte)'a', .. message[^11..]];

        Assert.Null(Parse(asAnswer));
        Assert.Null(Parse(named));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void There_is_one_question(byte count)
    {
        var message = DnsClient.Question("web");
        message[5] = count;

        Assert.Null(Parse(message));
    }

    [Fact]
    public void A_query_that_was_cut_off_is_refused_wherever_it_was()
    {
        var message = DnsClient.Question("web.example", payload: 1232);

        for (var length = 0; length < message.Length; length++)
        {
            Assert.Null(Parse(message[..length]));
        }
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 100].Sample(bytes => _ = Parse(bytes));

    [Fact]
    public void A_query_with_any_bytes_changed_is_read_without_an_exception() =>
        Gen.Select(Gen.Int[0, 39], Gen.Byte).Array[1, 6].Sample(changes =>
        {
            var message = DnsClient.Question("web.example.org", payload: 1232);
            foreach (var (at, value) in changes)
            {
                message[at % message.Length] = value;
            }

            var query = Parse(message);

            Assert.True(query == null || query.Value.QuestionEnd <= message.Length);
        });

    private static Query? Parse(byte[] message) =>
        Query.TryParse(message, new byte[DomainName.MaximumLength], out var query) ? query : null;
}
