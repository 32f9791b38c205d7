namespace PsContainers.Oci.Tests;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64", true)]
    [InlineData("linux/amd64", "linux/x86_64", true)]
    [InlineData("linux/amd64", "linux/amd64/v1", true)]
    [InlineData("linux/amd64", "linux/amd64/v3", false)]
    [InlineData("linux/amd64", "linux/386", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm64", "linux/aarch64", true)]
    [InlineData("linux/arm64", "linux/arm/v7", false)]
    [InlineData("linux/arm/v7", "linux/arm/v7", true)]
    public void Machine_runs_what_asks_no_more_than_it_has(string machine, string image, bool runs) =>
        Assert.Equal(runs, Of(machine).Runs(Of(image)));

    [Fact]
    public void This_machine_runs_linux() => Assert.StartsWith("linux/a", Platform.Current.ToString(), StringComparison.Ordinal);

    private static Platform Of(string text) => text.Split('/') is [var os, var architecture, .. var rest]
        ? new() { Os = os, Architecture = architecture, Variant = rest.FirstOrDefault() }
        : throw new ArgumentException(text, nameof(text));
}
