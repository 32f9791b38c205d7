using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

/// <summary>A network is made while others make theirs.</summary>
public sealed class CrowdedStoreTests : IDisposable
{
    private const int Tries = 12;

    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Network_is_made_however_often_others_come_first()
    {
        var driver = new StubbornDriver(_sandbox.Plugins);
        driver.Dawdle();
        using var store = _sandbox.OpenDatabase();
        using var end = new CancellationTokenSource();
        var others = Task.Run(() => AddOthers(new NetworkTable(store), driver, end.Token));
        var wanted = SampleNetwork.Network("ab", "back").Definition with { Driver = StubbornDriver.Name };
        try
        {
            new NetworkLookup(_sandbox.Networks, _sandbox.Drivers).Add(
                wanted, new Dictionary<string, string>(), () => throw new InvalidOperationException("nobody else has the name"));
        }
        finally
        {
            await end.CancelAsync();
            await others;
        }

        Assert.True(driver.Defined >= Tries, $"it was asked {driver.Defined} times");
        Assert.NotNull(_sandbox.Networks.Find(wanted.Id));
    }

    // One more network at least for each time that the driver completes the one that is made.
    private static void AddOthers(NetworkTable networks, StubbornDriver driver, CancellationToken end)
    {
        for (var number = 1; driver.Defined < Tries && !end.IsCancellationRequested; number++)
        {
            networks.TryAdd(
                SampleNetwork.Network($"{number:x4}", $"other{number}"), [.. networks.All().Select(network => network.Id)]);
            Thread.Sleep(20);
        }
    }
}
