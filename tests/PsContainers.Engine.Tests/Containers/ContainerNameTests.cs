using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class ContainerNameTests
{
    public static readonly TheoryData<string> Refused =
    [
        "", "-web", ".web", "_web", "my web", "web/1", "web:1", "wéb", "web\n", "web\0", "..",
        new string('a', 129), new string('a', 64), Sample.Id("c0ffee"),
    ];

    public static readonly TheoryData<string> Accepted =
    [
        "a", "1", "web", "Web-1.2_3", "c0ffee", new string('a', 63), new string('a', 65), new string('w', 128), new string('A', 64),
    ];

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_good_name_is_accepted(string name)
    {
        ContainerName.Check(name);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_bad_name_is_refused(string name)
    {
        var error = Assert.Throws<ContainerEngineException>(() => ContainerName.Check(name));

        Assert.Equal("ContainerNameInvalid", error.ErrorId);
        Assert.Equal(name, error.Target);
    }

    [Fact]
    public void An_id_has_64_hexadecimal_digits_and_comes_once()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => ContainerName.NewId()).ToHashSet();

        Assert.Equal(100, ids.Count);
        Assert.All(ids, id => Assert.True(ContainerName.IsId(id), id));
    }

    [Fact]
    public void Only_a_whole_id_is_one()
    {
        var id = Sample.Id("abc");

        Assert.True(ContainerName.IsId(id));
        Assert.False(ContainerName.IsId(id[1..]));
        Assert.False(ContainerName.IsId(id + "0"));
        Assert.False(ContainerName.IsId(id.ToUpperInvariant()));
        Assert.False(ContainerName.IsId("g" + id[1..]));
        Assert.False(ContainerName.IsId("locks"));
    }

    [Fact]
    public void Every_generated_name_is_a_good_name()
    {
        var names = Enumerable.Range(0, 500).Select(i => ContainerName.Generate(i % 8));

        Assert.All(names, ContainerName.Check);
    }

    [Fact]
    public void A_generated_name_gets_a_number_after_some_attempts()
    {
        Assert.Equal(2, ContainerName.Generate(attempt: 0).Split('-').Length);
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]{2,5}$", ContainerName.Generate(attempt: 3));
    }
}
