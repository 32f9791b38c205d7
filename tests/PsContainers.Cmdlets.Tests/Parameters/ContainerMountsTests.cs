using System.Collections;
using System.Management.Automation;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Tests.Parameters;

/// <summary>What PowerShell makes of a mount without quotes: a list, where a comma is in it.</summary>
public sealed class ContainerMountsTests
{
    [Theory]
    [InlineData("type=bind source=/srv target=/a readonly", "type=bind,source=/srv,target=/a,readonly")]
    [InlineData("target=/a target=/b", "type=volume,target=/a type=volume,target=/b")]
    [InlineData("src=x dst=/a src=y dst=/b", "type=volume,source=x,target=/a type=volume,source=y,target=/b")]
    [InlineData("type=tmpfs,target=/a type=tmpfs target=/b", "type=tmpfs,target=/a type=tmpfs,target=/b")]
    [InlineData("type=tmpfs target=/a type=tmpfs,target=/b", "type=tmpfs,target=/a type=tmpfs,target=/b")]
    [InlineData(
        "source=x target=/a volume-opt=type=tmpfs volume-opt=device=tmpfs",
        "type=volume,source=x,target=/a,volume-opt=type=tmpfs,volume-opt=device=tmpfs")]
    public void Words_of_one_mount_are_one_mount(string words, string expected) => Assert.Equal(expected, Read(MountNotation.Pairs, words));

    [Theory]
    [InlineData("x:/a:ro nocopy", "type=volume,source=x,target=/a,readonly,volume-nocopy")]
    [InlineData("/srv:/a:ro z x:/b", "type=bind,source=/srv,target=/a,readonly type=volume,source=x,target=/b")]
    [InlineData("Temp:/x:/a /b", "type=bind,source=Temp:/x,target=/a type=volume,target=/b")]
    [InlineData("x:/a word", "type=volume,source=x,target=/a type=volume,target=word")]
    public void Options_of_a_volume_are_not_volumes(string words, string expected) =>
        Assert.Equal(expected, Read(MountNotation.Volume, words));

    [Theory]
    [InlineData("/a:size=1k mode=755 exec /b", "type=tmpfs,target=/a,noexec=false,tmpfs-size=1024,tmpfs-mode=755 type=tmpfs,target=/b")]
    [InlineData("/a exec", "type=tmpfs,target=/a type=tmpfs,target=exec")]
    public void Options_of_a_tmpfs_are_not_places(string words, string expected) =>
        Assert.Equal(expected, Read(MountNotation.Tmpfs, words));

    [Fact]
    public void Hashtable_stands_beside_words()
    {
        var table = new Hashtable { ["Target"] = "/b" };

        Assert.Equal("type=tmpfs,target=/a type=volume,target=/b", Read(MountNotation.Pairs, ["type=tmpfs", "target=/a", table]));
    }

    [Theory]
    [InlineData("false", "type=volume,target=/a")]
    [InlineData("True", "type=volume,target=/a,readonly")]
    [InlineData(1, "type=volume,target=/a,readonly")]
    public void Switch_of_a_hashtable_may_be_text(object value, string expected) =>
        Assert.Equal(expected, Read(MountNotation.Pairs, [new Hashtable { ["Target"] = "/a", ["ReadOnly"] = value }]));

    [Fact]
    public void Switch_of_a_hashtable_is_true_or_false() => Assert.Contains(
        "ReadOnly is true or false, not 'perhaps'",
        Assert.Throws<ArgumentTransformationMetadataException>(
            () => Read(MountNotation.Pairs, [new Hashtable { ["Target"] = "/a", ["ReadOnly"] = "perhaps" }])).Message,
        StringComparison.Ordinal);

    private static string Read(MountNotation notation, string words) => Read(notation, words.Split(' '));

    private static string Read(MountNotation notation, object[] given) =>
        string.Join(' ', (ContainerMount[])new ContainerMountsAttribute { Notation = notation }.Transform(null!, given));
}
