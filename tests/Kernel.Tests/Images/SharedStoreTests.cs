using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>A shell fetches an image again and again while another one removes whatever it can.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class SharedStoreTests(TestHost host, SampleStore sample) : KernelTest(host), IClassFixture<SampleStore>
{
    private const string Fetch = "$null = Receive-ContainerImage {remote} -AllowInsecure";

    [Theory]
    [InlineData($"foreach ($i in 1..10) {{ {Fetch}; Remove-ContainerImage {{remote}} }}", "Clear-ContainerStorage -Force")]
    [InlineData($"foreach ($i in 1..15) {{ {Fetch} }}", "Remove-ContainerImage -Unused")]
    public void Image_that_is_fetched_while_another_shell_cleans_up_is_whole(string fetching, string cleaning)
    {
        Assert.SkipUnless(sample.Registry.Host.Length > 0, "needs docker-registry");
        using var copy = sample.Copy(StoreOperation.Of("Receive"));
        fetching = fetching.Replace("{remote}", sample.Remote, StringComparison.Ordinal);
        var stop = Path.Join(copy.Paths.Root, "..", "stop");

        var cleaner = copy.Start($"for ($i = 0; $i -lt 1000 -and -not [IO.File]::Exists('{stop}'); $i++) {{ {cleaning} }}; $i");
        var fetcher = HostCommand.Finish(copy.Start($"{fetching}; 'fetched'"));
        File.WriteAllText(stop, "");
        var cleaned = HostCommand.Finish(cleaner);

        Assert.Equal(("", "fetched"), (fetcher.Error, fetcher.Text()));
        Assert.Equal("", cleaned.Error);
        Assert.True(int.Parse(cleaned.Text(), System.Globalization.CultureInfo.InvariantCulture) > 5, cleaned.Text());
        File.Delete(stop);
        AssertWhole(copy);
    }

    [Fact]
    public void Two_shells_that_fetch_the_same_image_beside_a_third_that_clears_up_all_succeed()
    {
        Assert.SkipUnless(sample.Registry.Host.Length > 0, "needs docker-registry");
        using var copy = sample.Copy(StoreOperation.Of("Receive"));
        var fetch = Fetch.Replace("{remote}", sample.Remote, StringComparison.Ordinal);

        var shells = new[] { $"{fetch}; 'done'", $"{fetch}; 'done'", "foreach ($i in 1..20) { Clear-ContainerStorage -Force }; 'done'" }
            .Select(script => copy.Start(script)).ToList();

        Assert.All(shells.Select(shell => HostCommand.Finish(shell)), result => Assert.Equal(("", "done"), (result.Error, result.Text())));
        AssertWhole(copy);
    }

    private static void AssertWhole(StoreCopy copy)
    {
        using (var services = copy.Open())
        {
            StoreOperation.Of("Receive").Execute(copy, services);
            StoreCopy.AssertWhole(services, copy.Sample.Remote);
        }

        copy.AssertNothingLeft();
    }
}
