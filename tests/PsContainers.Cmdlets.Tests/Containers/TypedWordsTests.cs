namespace PsContainers.Cmdlets.Tests.Containers;

/// <summary>Numbers in argument lists, seen in what a container was made with; needs root and Debian's busybox-static.</summary>
public sealed class TypedWordsTests : IClassFixture<BusyboxImage>
{
    private readonly BusyboxImage _image;

    public TypedWordsTests(BusyboxImage image)
    {
        _image = image;
        Assert.SkipUnless(BusyboxImage.IsPossible, BusyboxImage.Need);
    }

    [Theory]
    [InlineData("New-Container busybox -Command sleep,1d,0700,1.10,0x10,5kb,-1.0,1e3", "sleep 1d 0700 1.10 0x10 5kb -1.0 1e3")]
    [InlineData("'busybox' | ForEach-Object { New-Container $_ sleep,007 }", "sleep 007")]
    [InlineData("New-Container busybox -Comm sleep, `\n  1d", "sleep 1d")]
    [InlineData("New-Container busybox -Command 1d", "1d")]
    [InlineData("New-Container busybox -Entrypoint nice,05 -Command sleep,1d", "nice 05 sleep 1d")]
    [InlineData("'busybox' | New-Container -Command ('sleep', (2 * 0x10))", "sleep 32")]
    [InlineData("$n = 0x10; New-Container busybox -Command sleep,$n,010", "sleep 16 010")]
    [InlineData("$a = @{ Command = 'sleep', 007 }; New-Container busybox @a", "sleep 7")]
    public void Number_reaches_the_container_as_it_was_typed(string command, string expected)
    {
        var result = _image.Command($"$c = & {{ {command} }}; \"$($c.Command)\"; $c | Remove-Container");

        Assert.Equal(expected, result.Lines[0]);
        Assert.Empty(result.Error);
    }
}
