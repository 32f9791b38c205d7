using System.Diagnostics;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Engine.Tests.Networks;

namespace PsContainers.Engine.Tests.Runs;

/// <summary>A container has ended, and the driver of its network does not give back what it had.</summary>
public sealed class SlowDriverTests : IDisposable
{
    // Loading the driver, its answer to the first words, and a machine that is busy.
    private static readonly TimeSpan _brief = 2 * BriefCalls.Patience + TimeSpan.FromSeconds(4);

    private readonly EngineSandbox _sandbox = new();
    private readonly StubbornDriver _driver;
    private readonly NetworkRow _network;

    public SlowDriverTests()
    {
        _driver = new StubbornDriver(_sandbox.Plugins);
        var network = SampleNetwork.Network("ab", "back");
        _network = network with { Definition = network.Definition with { Driver = StubbornDriver.Name } };
        Assert.True(_sandbox.Networks.TryAdd(_network, []));
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Who_lists_containers_waits_once_and_briefly_however_many_have_ended()
    {
        ContainerRow[] ended = [AddEnded("a"), AddEnded("b"), AddEnded("c")];
        _driver.Hang();

        var watch = Stopwatch.StartNew();
        var listed = new GetContainers(_sandbox.Model, _sandbox.Containers, _sandbox.Reconciliation).Execute();

        Assert.True(watch.Elapsed < _brief, $"it took {watch.Elapsed}");
        Assert.Equal(1, _driver.Asked);
        Assert.All(listed, container => Assert.Equal((ContainerStatus.Stopped, 3), (container.Status, container.ExitCode)));
        Assert.All(listed, container => Assert.StartsWith(
            $"network 'back' has not given back what the container '{container.Name}' had: it is slow (driver 'stubborn'); ",
            container.Error,
            StringComparison.Ordinal));
        Assert.Equal(ended.Select(row => row.Id), _sandbox.Attachments.On(_network.Id).Select(row => row.Container));
    }

    [Fact]
    public void Who_comes_later_does_not_wait_at_all()
    {
        AddEnded("a");
        _driver.Hang();
        List();
        AddEnded("b");

        var watch = Stopwatch.StartNew();
        List();
        List();

        Assert.True(watch.Elapsed < BriefCalls.Patience, $"it took {watch.Elapsed}");
        Assert.Equal(1, _driver.Asked);
    }

    [Fact]
    public void A_driver_that_is_fast_is_asked_by_whoever_looks_first()
    {
        AddEnded("a");

        Assert.Null(Assert.Single(List()).Error);
        Assert.Equal(1, _driver.Asked);
        Assert.Empty(_sandbox.Attachments.On(_network.Id));
    }

    [Fact]
    public void Who_removes_the_container_asks_again()
    {
        var row = AddEnded("a");
        _driver.Hang();
        List();
        _driver.Obey();

        Assert.Empty(Remove(row));

        Assert.Equal(2, _driver.Asked);
        Assert.Empty(_sandbox.Attachments.On(_network.Id));
    }

    [Fact]
    public void A_session_that_opens_does_not_wait_for_what_a_removal_left_that_was_killed()
    {
        var row = AddEnded("a");
        _sandbox.Containers.Delete(row);
        _driver.Hang();

        var watch = Stopwatch.StartNew();
        _sandbox.Reconciliation.Sweep();

        Assert.True(watch.Elapsed < _brief, $"it took {watch.Elapsed}");
        Assert.False(Directory.Exists(_sandbox.Paths.RunDirectory(row.Id)));
        Assert.Single(_sandbox.Attachments.On(_network.Id));
    }

    [Fact]
    public void A_container_is_removed_that_a_network_gives_nothing_back_of_and_the_removal_says_so()
    {
        var row = AddEnded("a");
        _driver.Refuse();

        Assert.Equal(
            ["network 'back' cannot detach the container 'a': it refuses (driver 'stubborn'); Repair-ContainerNetwork back tries again"],
            Remove(row));

        Assert.Null(_sandbox.Containers.Find(row.Id));
        Assert.Single(_sandbox.Attachments.On(_network.Id));
    }

    [Fact]
    public void A_container_that_goes_at_its_end_says_what_it_could_not_give_back()
    {
        var row = AddEnded("a", removeOnExit: true);
        _driver.Refuse();

        var current = _sandbox.Reconciliation.Current(row);

        Assert.True(current.IsRemoved);
        Assert.StartsWith("network 'back' cannot detach", current.Row.Error, StringComparison.Ordinal);
    }

    private IReadOnlyList<Container> List() =>
        new GetContainers(_sandbox.Model, _sandbox.Containers, _sandbox.Reconciliation).Execute();

    private IReadOnlyList<string> Remove(ContainerRow row) => new RemoveContainer(
        _sandbox.Paths, new ContainerLookup(_sandbox.Containers), _sandbox.Locks, _sandbox.Reconciliation, _sandbox.Remains)
        .Execute(row.Id);

    private ContainerRow AddEnded(string id, bool removeOnExit = false)
    {
        var row = _sandbox.Add(SampleNetwork.Container(id, id) with
        {
            Status = ContainerStatus.Running,
            RemoveOnExit = removeOnExit,
            Started = Sample.Time,
        });
        _sandbox.Run(row.Id).WriteExit(3, Sample.Time.AddMinutes(1));
        _sandbox.Attachments.Add(SampleNetwork.Attachment(row, _network));
        return row;
    }
}
