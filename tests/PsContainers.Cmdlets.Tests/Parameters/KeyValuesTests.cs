using System.Collections;
using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Tests.Parameters;

public sealed class KeyValuesTests
{
    [Fact]
    public void Hashtable_is_taken_with_values_as_text()
    {
        var values = Transform(new KeyValuesAttribute(), new Hashtable { ["A"] = 1.5, ["B"] = null });

        Assert.Equal("1.5", values["A"]);
        Assert.Equal("", values["B"]);
    }

    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=b=c", "b=c")]
    public void String_is_split_at_the_first_equals_sign(string text, string expected) =>
        Assert.Equal(expected, Transform(new KeyValuesAttribute(), text)["A"]);

    [Fact]
    public void Last_of_equal_keys_wins() => Assert.Equal("2", Transform(new KeyValuesAttribute(), new object[] { "A=1", "A=2" })["A"]);

    [Fact]
    public void Label_may_stand_alone() => Assert.Equal("", Transform(new KeyValuesAttribute { ValueIsOptional = true }, "blue")["blue"]);

    [Theory]
    [InlineData("A")]
    [InlineData("=1")]
    [InlineData("")]
    [InlineData(5)]
    public void Anything_else_is_refused(object value) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => Transform(new KeyValuesAttribute(), value));

    private static Dictionary<string, string> Transform(KeyValuesAttribute attribute, object value) =>
        (Dictionary<string, string>)attribute.Transform(null!, value);
}
