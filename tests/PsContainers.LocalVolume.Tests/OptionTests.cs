using PsContainers.Drivers;
using PsContainers.LocalVolume.Tests.Harness;
using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume.Tests;

/// <summary>What a user may say of a volume.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("uid=-1", "uid")]
    [InlineData("uid=4294967295", "uid")]
    [InlineData("gid=users", "gid")]
    [InlineData("mode=0798", "mode")]
    [InlineData("mode=77777", "mode")]
    [InlineData("size=0", "size")]
    [InlineData("size=many", "size")]
    [InlineData("size=9999999999t", "size")]
    [InlineData("size=", "size")]
    [InlineData("o=ro", "type")]
    [InlineData("device=/dev/sda1", "type")]
    [InlineData("type=ext4", "device")]
    [InlineData("type=ext4 device=/dev/loop0 size=1g", "size")]
    [InlineData("type=ext4 device=/dev/loop0 uid=1", "uid")]
    [InlineData("type=none device=/tmp", "o")]
    [InlineData("type=ext4 device=/tmp o=bind", "type")]
    [InlineData("type=none device=tmp o=bind", "device")]
    [InlineData("type=none device=/tmp o=bind,size=1m", "o")]
    [InlineData("type=none device=/tmp o=bind,loop", "o")]
    [InlineData("type=ext4 device=image o=loop", "device")]
    [InlineData("type=ext4 device=/dev/loop0 o=remount", "o")]
    [InlineData("type=ext4 device=/dev/loop0 o=rshared", "o")]
    public void What_is_wrong_is_refused_with_its_field(string options, string field)
    {
        var error = LocalHost.Refusal(options);

        Assert.Equal((DriverErrorKind.InvalidRequest, $"options.{field}"), (error.Kind, error.Field));
    }

    [Fact]
    public void Words_of_mount_become_flags_and_the_rest_stays_for_the_file_system()
    {
        var words = MountWords.Parse("ro,noatime,nosuid,suid,_netdev,addr=10.0.0.1,relatime,rw,ro,soft,timeo=5", "o");

        Assert.Equal(
            PsContainers.Linux.HostMountFlags.ReadOnly | PsContainers.Linux.HostMountFlags.RelATime, words.Flags);
        Assert.Equal(["addr=10.0.0.1", "soft", "timeo=5"], words.Own);
        Assert.False(words.IsBind);
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("1k", 1024)]
    [InlineData("3MB", 3145728)]
    [InlineData("1GiB", 1073741824)]
    [InlineData("2t", 2199023255552)]
    public void Size_is_read_as_people_write_it(string text, long bytes)
    {
        var options = LocalOptions.Parse(new Dictionary<string, string> { ["size"] = text });

        Assert.Equal(bytes, options.Quota);
    }
}
