namespace PsContainers.Oci.Tests;

public sealed class ImageReferenceTests
{
    private const string Digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest")]
    [InlineData("busybox:1.37", "docker.io/library/busybox:1.37")]
    [InlineData("library/busybox", "docker.io/library/busybox:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest")]
    [InlineData("index.docker.io/library/busybox", "docker.io/library/busybox:latest")]
    [InlineData("team/app:v1", "docker.io/team/app:v1")]
    [InlineData("team/sub/app", "docker.io/team/sub/app:latest")]
    [InlineData("localhost/app", "localhost/app:latest")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest")]
    [InlineData("host:5000/app:v1", "host:5000/app:v1")]
    [InlineData("registry.example/team/app", "registry.example/team/app:latest")]
    [InlineData("HOST/app", "HOST/app:latest")]
    [InlineData("10.0.0.1:443/app", "10.0.0.1:443/app:latest")]
    [InlineData("[fd00::1]:5000/app", "[fd00::1]:5000/app:latest")]
    [InlineData("a", "docker.io/library/a:latest")]
    [InlineData("a__b--c/d.e_f:T.a-G_1", "docker.io/a__b--c/d.e_f:T.a-G_1")]
    [InlineData("host.example", "docker.io/library/host.example:latest")]
    [InlineData("test:5000", "docker.io/library/test:5000")]
    [InlineData("busybox@sha256:" + Digits, "docker.io/library/busybox@sha256:" + Digits)]
    [InlineData("busybox:1@sha256:" + Digits, "docker.io/library/busybox:1@sha256:" + Digits)]
    public void Name_is_completed_as_docker_does(string text, string canonical)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal(canonical, reference.ToString());
        Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
    }

    [Fact]
    public void Name_has_its_parts()
    {
        var reference = ImageReference.Parse($"registry.example:5000/team/app:v1@sha256:{Digits}");

        Assert.Equal("registry.example:5000", reference.Registry);
        Assert.Equal("team/app", reference.Repository);
        Assert.Equal("v1", reference.Tag);
        Assert.Equal(Digest.Parse("sha256:" + Digits), reference.Digest);
    }

    [Fact]
    public void Name_with_a_digest_alone_has_no_tag() => Assert.Null(ImageReference.Parse($"busybox@sha256:{Digits}").Tag);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Busybox")]
    [InlineData("team/App")]
    [InlineData("busy box")]
    [InlineData("busybox:")]
    [InlineData("busybox:-tag")]
    [InlineData("busybox:tag:tag")]
    [InlineData("busybox:t/g")]
    [InlineData("busybox@")]
    [InlineData("busybox@sha256:12")]
    [InlineData("busybox@md5:900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("busybox@sha256:" + Digits + "@sha256:" + Digits)]
    [InlineData("@sha256:" + Digits)]
    [InlineData("sha256:" + Digits + "@")]
    [InlineData(Digits)]
    [InlineData("/busybox")]
    [InlineData("busybox/")]
    [InlineData("team//app")]
    [InlineData("-busybox")]
    [InlineData("busy..box")]
    [InlineData("busy___box")]
    [InlineData("../../etc/passwd")]
    [InlineData("-host.example/app")]
    [InlineData("host:port/app")]
    [InlineData("host:65536/app")]
    [InlineData("host:99999999999999999999/app")]
    [InlineData("[::::]/app")]
    [InlineData("[1]:5000/app")]
    [InlineData("https://host/app")]
    [InlineData("busybox\n")]
    [InlineData("büsybox")]
    [InlineData("<none>:<none>")]
    public void What_is_not_a_name_is_refused(string text)
    {
        Assert.False(ImageReference.TryParse(text, out _));
        Assert.Contains(text, Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Name_has_at_most_255_characters(int length, bool isName) =>
        Assert.Equal(isName, ImageReference.TryParse("h.i/" + new string('a', length - 4) + ":tag", out _));

    [Theory]
    [InlineData("registry.example", true)]
    [InlineData("registry", true)]
    [InlineData("10.0.0.1:65535", true)]
    [InlineData("[fd00::1]:5000", true)]
    [InlineData("registry.example/", false)]
    [InlineData("team/app", false)]
    [InlineData("https://registry.example", false)]
    [InlineData("registry example", false)]
    [InlineData("registry:65536", false)]
    [InlineData("[fd00::1", false)]
    [InlineData("a23456789-123456789-123456789-123456789-123456789-123456789-123", true)]
    [InlineData("a23456789-123456789-123456789-123456789-123456789-123456789-1234.example", false)]
    [InlineData("", false)]
    public void Registry_is_a_host_with_a_port_or_without(string text, bool isRegistry) =>
        Assert.Equal(isRegistry, ImageReference.IsRegistry(text));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Tag_has_at_most_128_characters(int length, bool isName) =>
        Assert.Equal(isName, ImageReference.TryParse("a:" + new string('t', length), out _));

    [Theory]
    [InlineData("busybox", "busybox:latest")]
    [InlineData("docker.io/team/app:v1", "team/app:v1")]
    [InlineData("docker.io/library/team/app", "library/team/app:latest")]
    [InlineData("docker.io/localhost/app", "docker.io/localhost/app:latest")]
    [InlineData("docker.io/library/localhost", "localhost:latest")]
    [InlineData("docker.io/a.b/app", "docker.io/a.b/app:latest")]
    [InlineData("localhost/app", "localhost/app:latest")]
    [InlineData("registry.example/library/app", "registry.example/library/app:latest")]
    [InlineData("busybox@sha256:" + Digits, "busybox@sha256:" + Digits)]
    public void Familiar_name_is_the_shortest_that_means_the_same(string text, string familiar)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal(familiar, reference.FamiliarName);
        Assert.Equal(reference, ImageReference.Parse(familiar));
    }
}
