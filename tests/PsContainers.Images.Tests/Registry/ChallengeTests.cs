using CsCheck;
using PsContainers.Images.Registry.Http;

namespace PsContainers.Images.Tests.Registry;

/// <summary>What registries ask for in the header WWW-Authenticate.</summary>
public sealed class ChallengeTests
{
    [Theory]
    [InlineData("Basic", "Basic()")]
    [InlineData("Basic realm=\"a b\"", "Basic(realm=a b)")]
    [InlineData("bearer REALM=\"https://a/t\",service=x , scope=\"b:pull,push\"", "bearer(REALM=https://a/t service=x scope=b:pull,push)")]
    [InlineData("Bearer realm = \"x\"", "Bearer(realm=x)")]
    [InlineData("Basic realm=\"a\", Bearer realm=\"b\", error=\"invalid_token\"", "Basic(realm=a) Bearer(realm=b error=invalid_token)")]
    [InlineData("Negotiate, Basic realm=x", "Negotiate() Basic(realm=x)")]
    [InlineData("Basic realm=\"quote \\\" and \\\\\"", "Basic(realm=quote \" and \\)")]
    [InlineData("Basic realm=\"a\", realm=\"b\"", "Basic(realm=a)")]
    [InlineData("Basic realm=\"no end", "Basic()")]
    [InlineData("Basic realm=", "Basic()")]
    [InlineData("realm=\"x\"", "")]
    [InlineData(",, ,", "")]
    [InlineData("", "")]
    public void A_header_is_read(string header, string expected)
    {
        var challenges = Challenge.Parse(header).Select(challenge =>
            $"{challenge.Scheme}({string.Join(' ', challenge.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}"))})");

        Assert.Equal(expected, string.Join(' ', challenges));
    }

    [Fact]
    public void Any_value_survives_quoting()
    {
        Gen.String.Sample(value =>
        {
            var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            var challenge = Assert.Single(Challenge.Parse($"Bearer realm=\"{quoted}\", service=\"s\""));
            return challenge["Realm"] == value && challenge["service"] == "s";
        });
    }

    [Fact]
    public void Any_text_is_read_to_some_end()
    {
        Gen.String[Gen.Char["Bearer= ,\"\\\tx"], 0, 60].Sample(text => Challenge.Parse(text).Count <= text.Length);
    }
}
