using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class EnvironmentListTests
{
    private readonly EnvironmentList _list = new();

    [Fact]
    public void Variables_keep_the_order_in_which_they_came()
    {
        _list.Set("B", "1");
        _list.Set("A", "2");

        Assert.Equal(["B=1", "A=2"], _list.ToList());
    }

    [Fact]
    public void A_name_comes_once_and_keeps_its_place()
    {
        _list.SetAll(["A=1", "B=2", "C=3"]);
        _list.Set("A", "4");

        Assert.Equal(["A=4", "B=2", "C=3"], _list.ToList());
    }

    [Fact]
    public void A_name_is_not_confused_with_a_longer_one()
    {
        _list.Set("PATH_INFO", "1");
        _list.Set("PATH", "2");
        _list.Set("path", "3");

        Assert.Equal(["PATH_INFO=1", "PATH=2", "path=3"], _list.ToList());
    }

    [Fact]
    public void A_value_may_hold_anything_but_NUL()
    {
        _list.Set("A", "x=y \n ü");
        _list.Set("EMPTY", "");

        Assert.Equal(["A=x=y \n ü", "EMPTY="], _list.ToList());
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("=", "x")]
    [InlineData("A\0", "x")]
    [InlineData("A", "x\0y")]
    public void A_broken_variable_is_refused(string name, string value)
    {
        var error = Assert.Throws<ContainerEngineException>(() => _list.Set(name, value));

        Assert.Equal("InvalidEnvironment", error.ErrorId);
        Assert.Equal(name, error.Target);
        Assert.Empty(_list.ToList());
    }

    [Fact]
    public void A_text_without_a_value_sets_nothing()
    {
        _list.SetAll(["A", "=x", "", "B="]);

        Assert.Equal(["B="], _list.ToList());
    }

    [Fact]
    public void A_list_becomes_a_dictionary()
    {
        var dictionary = EnvironmentList.ToDictionary(["A=1", "B=x=y", "C", "=d", "A=2"]);

        Assert.Equal(new Dictionary<string, string> { ["A"] = "2", ["B"] = "x=y" }, dictionary);
    }
}
