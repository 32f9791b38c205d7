using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class ContainerLookupTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly ContainerLookup _lookup;

    public ContainerLookupTests()
    {
        _lookup = new ContainerLookup(_sandbox.Containers);
        _sandbox.Add(Sample.Container("abc1", "web"));
        _sandbox.Add(Sample.Container("abc2", "db"));
        _sandbox.Add(Sample.Container("fff", "abc1"));
    }

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("web", "abc1")]
    [InlineData("db", "abc2")]
    [InlineData("abc2", "abc2")]
    [InlineData("ABC2", "abc2")]
    [InlineData("f", "fff")]
    public void A_name_or_a_unique_beginning_of_an_id_finds_the_container(string text, string id)
    {
        Assert.Equal(Sample.Id(id), _lookup.Resolve(text).Id);
    }

    [Fact]
    public void A_whole_id_finds_the_container()
    {
        Assert.Equal("web", _lookup.Resolve(Sample.Id("abc1")).Name);
    }

    [Fact]
    public void An_exact_name_comes_before_the_beginning_of_an_id()
    {
        Assert.Equal(Sample.Id("fff"), _lookup.Resolve("abc1").Id);
    }

    [Fact]
    public void An_ambiguous_beginning_is_refused_and_names_the_candidates()
    {
        var error = Assert.Throws<ContainerEngineException>(() => _lookup.Resolve("abc"));

        Assert.Equal("ContainerAmbiguous", error.ErrorId);
        Assert.Contains("abc100000000", error.Message, StringComparison.Ordinal);
        Assert.Contains("abc200000000", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fff", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_digit_belongs_to_a_beginning_too()
    {
        _sandbox.Add(Sample.Container("abf", "last"));

        Assert.Equal("last", _lookup.Resolve("abf").Name);
        Assert.Equal("abc1", _lookup.Resolve(Sample.Id("fff")[..40]).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Web")]
    [InlineData("we")]
    [InlineData("abc3")]
    [InlineData("abg")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("a'--")]
    public void What_is_no_container_is_not_found(string text)
    {
        var error = Assert.Throws<ContainerEngineException>(() => _lookup.Resolve(text));

        Assert.Equal("ContainerNotFound", error.ErrorId);
        Assert.Equal(text, error.Target);
    }

    [Fact]
    public void More_digits_than_an_id_has_are_not_found()
    {
        Assert.Equal("ContainerNotFound", Assert.Throws<ContainerEngineException>(() => _lookup.Resolve(Sample.Id("abc1") + "0")).ErrorId);
    }
}
