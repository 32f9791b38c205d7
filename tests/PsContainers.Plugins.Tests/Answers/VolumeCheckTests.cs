using PsContainers.Drivers;
using PsContainers.Plugins.Answers;

namespace PsContainers.Plugins.Tests.Answers;

public sealed class VolumeCheckTests
{
    public static TheoryData<string, string> WrongOptions { get; } = new()
    {
        { "", "a" }, { "a\nb", "a" }, { "a", "b\0c" }, { new string('a', 129), "a" }, { "a", new string('b', 16 * 1024 + 1) },
    };

    [Fact]
    public void What_the_user_decided_is_kept()
    {
        var wanted = Sample.Volume();

        Assert.Null(VolumeCheck.Define(wanted, wanted with { Options = new Dictionary<string, string> { ["size"] = "1" } }));
        Assert.Equal("id", VolumeCheck.Define(wanted, wanted with { Id = new string('b', 64) })?.Field);
        Assert.Equal("name", VolumeCheck.Define(wanted, wanted with { Name = "red" })?.Field);
        Assert.Equal("driver", VolumeCheck.Define(wanted, wanted with { Driver = "other" })?.Field);
        Assert.Equal("nothing", VolumeCheck.Define(wanted, null)?.Reason);
    }

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_are_bounded(string name, string value)
    {
        var answer = Sample.Volume() with { Options = new Dictionary<string, string> { [name] = value } };

        Assert.StartsWith("options.", VolumeCheck.Define(Sample.Volume(), answer)?.Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "101 of them, more than 100")]
    public void Their_number_is_bounded(int count, string? reason)
    {
        var options = Enumerable.Range(0, count).ToDictionary(i => $"o{i}", _ => "");

        Assert.Equal(reason, VolumeCheck.Define(Sample.Volume(), Sample.Volume() with { Options = options })?.Reason);
    }

    [Theory]
    [InlineData("/srv/volumes/data", null)]
    [InlineData("/srv/ü with blanks/…", null)]
    [InlineData("/", "all of the host")]
    [InlineData("", "not an absolute path")]
    [InlineData("srv", "not an absolute path")]
    [InlineData("/srv/", "has a part that is empty, '.' or '..'")]
    [InlineData("//srv", "has a part that is empty, '.' or '..'")]
    [InlineData("/srv//data", "has a part that is empty, '.' or '..'")]
    [InlineData("/srv/./data", "has a part that is empty, '.' or '..'")]
    [InlineData("/srv/../etc", "has a part that is empty, '.' or '..'")]
    [InlineData("/srv\0/data", "holds a NUL")]
    public void A_path_is_written_in_the_one_right_way(string path, string? reason)
    {
        var expected = reason is null ? null : $"path: \"{path.Replace('\0', ' ')}\": {reason}";

        Assert.Equal(expected, VolumeCheck.Create(new() { Path = path }, hasMounts: true)?.ToString());
        Assert.Equal(expected, VolumeCheck.Mount(new() { Path = path })?.ToString());
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_path_is_as_long_as_the_kernel_takes_it(int bytes, bool isRight)
    {
        Assert.Equal(isRight, VolumeCheck.Mount(new() { Path = "/" + new string('a', bytes - 1) }) is null);
    }

    [Fact]
    public void Only_a_volume_that_can_be_mounted_has_no_path()
    {
        Assert.Null(VolumeCheck.Create(new(), hasMounts: true));
        Assert.Equal(
            "path: missing, and the plugin has not the capability mount", VolumeCheck.Create(new(), hasMounts: false)?.ToString());
        Assert.Equal("path: null is not a text", VolumeCheck.Mount(new VolumeMountResult { Path = null! })?.ToString());
    }

    [Fact]
    public void A_state_is_bounded()
    {
        var tooMuch = new string('s', 65537);

        Assert.Equal("state", VolumeCheck.Create(new() { Path = "/srv", State = tooMuch }, hasMounts: false)?.Field);
        Assert.Equal("state", VolumeCheck.Mount(new() { Path = "/srv", State = tooMuch })?.Field);
        Assert.Null(VolumeCheck.Mount(new() { Path = "/srv", State = tooMuch[1..] }));
    }
}
