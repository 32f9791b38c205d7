using CsCheck;

namespace PsContainers.Engine.Tests.Volumes;

public sealed class ContainerMountTests
{
    private static readonly Gen<string> _words = Gen.String[Gen.Char["abc/._-,\"= é"], 1, 12].Where(text => text.Trim() == text);

    [Theory]
    [InlineData("type=bind,source=/srv,target=/data,readonly", "type=bind,source=/srv,target=/data,readonly")]
    [InlineData(
        "type=bind,src=/srv,dst=/data,ro=true,propagation=rslave",
        "type=bind,source=/srv,target=/data,readonly,bind-propagation=rslave")]
    [InlineData("target=/cache", "type=volume,target=/cache")]
    [InlineData("type=tmpfs,destination=/run,size=64m,mode=755", "type=tmpfs,target=/run,tmpfs-size=67108864,tmpfs-mode=755")]
    [InlineData("type=IMAGE,source=tools,target=/tools,subpath=usr/bin", "type=image,source=tools,target=/tools,image-subpath=usr/bin")]
    [InlineData("type=bind,\"source=/a,b\",target=/x", "type=bind,\"source=/a,b\",target=/x")]
    [InlineData(
        "source=data,target=/d,volume-driver=nfs,volume-opt=o=addr=1.2.3.4",
        "type=volume,source=data,target=/d,volume-driver=nfs,volume-opt=o=addr=1.2.3.4")]
    [InlineData("source=data,target=/d,readonly=false,nocopy", "type=volume,source=data,target=/d,volume-nocopy")]
    [InlineData("type=bind,source=/srv,target=/d,bind-nonrecursive", "type=bind,source=/srv,target=/d,bind-recursive=disabled")]
    [InlineData("type=bind,source=/srv,target=/d,bind-nonrecursive=false,consistency=cached", "type=bind,source=/srv,target=/d")]
    [InlineData("type=bind,source=/srv,target=/d,rw=false,relabel=shared", "type=bind,source=/srv,target=/d,readonly")]
    [InlineData("type=tmpfs,target=/d,rw,notmpcopyup", "type=tmpfs,target=/d")]
    public void Text_is_read_as_docker_reads_it(string text, string expected) =>
        Assert.Equal(expected, ContainerMount.Parse(text).ToString());

    [Theory]
    [InlineData("", "nothing stands before")]
    [InlineData("type=bind,source=/srv", "target is missing")]
    [InlineData("type=floppy,target=/a", "'floppy' is none of bind")]
    [InlineData("type=1,target=/a", "'1' is none of bind")]
    [InlineData("target=/a,target=/b", "target is given twice")]
    [InlineData("target=/a,dst=/b", "dst is given twice")]
    [InlineData("target=/a,ro,rw", "rw is given twice")]
    [InlineData("type=bind,source=/a,target=/b,bind-recursive=enabled,bind-nonrecursive", "bind-nonrecursive is given twice")]
    [InlineData("type=image,source=a,target=/b,rw=true", "an image is shown read-only")]
    [InlineData("target=/a,consistency", "'consistency' is none of")]
    [InlineData("target=/a,readonly=perhaps", "readonly is true or false")]
    [InlineData("target=/a,color=red", "'color' is none of")]
    [InlineData("target=/a,source", "source needs a value")]
    [InlineData("target=/a,,source=b", "nothing stands before")]
    [InlineData("target=/a,\"source=b", "a quote is not closed")]
    [InlineData("type=tmpfs,target=/a,size=many", "is not a size")]
    [InlineData("type=tmpfs,target=/a,size=9999999999999t", "is not a size")]
    [InlineData("type=tmpfs,target=/a,mode=999", "is not an octal mode")]
    public void What_cannot_be_read_says_why(string text, string cause) => Assert.Contains(
        cause, Assert.Throws<FormatException>(() => ContainerMount.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_mount_says_of_itself_is_read_as_the_same_mount() => Gen
        .Select(_words, _words, _words, Gen.Bool, Gen.Long[0, long.MaxValue], Gen.Int[0, 0xfff])
        .Sample((source, target, option, flag, size, mode) =>
        {
            var mount = new ContainerMount
            {
                Source = source,
                Target = target,
                ReadOnly = flag,
                NoExec = flag ? null : true,
                NoSuid = flag ? false : null,
                VolumeOption = new Dictionary<string, string> { ["o"] = option },
                Size = size,
                Mode = mode,
            };
            Assert.Equivalent(mount, ContainerMount.Parse(mount.ToString()), strict: true);
        });

    [Theory]
    [InlineData("/cache", "type=volume,target=/cache")]
    [InlineData("data:/d", "type=volume,source=data,target=/d")]
    [InlineData("data:/d:ro,nocopy", "type=volume,source=data,target=/d,readonly,volume-nocopy")]
    [InlineData("/srv:/d", "type=bind,source=/srv,target=/d")]
    [InlineData("./here:/d:z,rslave", "type=bind,source=./here,target=/d,bind-propagation=rslave")]
    [InlineData("/srv:/d:ro,cached", "type=bind,source=/srv,target=/d,readonly")]
    [InlineData("~/here:/d:exec", "type=bind,source=~/here,target=/d,noexec=false")]
    [InlineData("Temp:/here:/d:rro", "type=bind,source=Temp:/here,target=/d,readonly,bind-recursive=readonly")]
    public void Short_notation_tells_paths_from_volumes(string text, string expected) =>
        Assert.Equal(expected, ContainerMount.ParseVolume(text).ToString());

    [Theory]
    [InlineData(":/d", "the source is empty")]
    [InlineData("data:", "the target is empty")]
    [InlineData("data:/d:ro:rw", "has more than source, target and options")]
    [InlineData("data:/d:fast", "the option 'fast' is none of")]
    [InlineData("data:/d:Z", null)]
    public void Short_notation_that_cannot_be_read_says_why(string text, string? cause)
    {
        if (cause is null)
        {
            ContainerMount.ParseVolume(text);
            return;
        }

        Assert.Contains(
            cause, Assert.Throws<FormatException>(() => ContainerMount.ParseVolume(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run", "type=tmpfs,target=/run")]
    [InlineData("/run:notmpcopyup,rw", "type=tmpfs,target=/run")]
    [InlineData("/run:size=1k,mode=1777,exec,ro", "type=tmpfs,target=/run,readonly,noexec=false,tmpfs-size=1024,tmpfs-mode=1777")]
    public void Tmpfs_has_a_notation_of_its_own(string text, string expected) =>
        Assert.Equal(expected, ContainerMount.ParseTmpfs(text).ToString());

    [Fact]
    public void Tmpfs_takes_no_option_of_a_volume() => Assert.Contains(
        "'nocopy' is none of",
        Assert.Throws<FormatException>(() => ContainerMount.ParseTmpfs("/run:nocopy")).Message,
        StringComparison.Ordinal);
}
