using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Tests.Parameters;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("100b", 100)]
    [InlineData("512m", 512L << 20)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData(" 2k ", 2048)]
    [InlineData("1TB", 1L << 40)]
    public void Size_is_read_by_powers_of_1024(string text, long expected) => Assert.Equal(expected, MemorySizeAttribute.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("12q")]
    [InlineData("12mm")]
    [InlineData("-1m")]
    [InlineData("1,5g")]
    [InlineData("99999999999999t")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<ArgumentTransformationMetadataException>(() => MemorySizeAttribute.Parse(text));
}
