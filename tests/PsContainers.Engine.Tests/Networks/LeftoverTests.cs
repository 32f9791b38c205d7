namespace PsContainers.Engine.Tests.Networks;

/// <summary>Networks that have something yet of containers that do not run, and networks whose driver is gone.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly StubbornNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Network_takes_back_what_is_left_on_it_and_goes()
    {
        _network.AddLeftover("a", "gone");

        Assert.Empty(_network.Remove.Execute("back"));

        Assert.Equal(1, _network.Driver.Asked);
        Assert.Empty(_network.Sandbox.Networks.All());
        Assert.Empty(Directory.GetFiles(_network.Sandbox.Paths.Locks));
    }

    [Fact]
    public void Network_that_cannot_take_it_back_says_why_and_stays()
    {
        _network.AddLeftover("a", "gone");
        _network.Driver.Refuse();

        var failure = Assert.Throws<ContainerEngineException>(() => _network.Remove.Execute("back"));

        Assert.Equal("NetworkDriverFailed", failure.ErrorId);
        Assert.Equal("network 'back' cannot detach the container 'gone': it refuses", failure.Message);
        Assert.Single(_network.Sandbox.Networks.All());
        Assert.Single(_network.Sandbox.Attachments.On(_network.Row.Id));
    }

    [Fact]
    public void Network_that_cannot_take_it_back_goes_by_force_and_says_what_may_be_left()
    {
        _network.AddLeftover("a", "gone");
        _network.Driver.Refuse();

        Assert.Equal(
            [
                "network 'back' cannot detach the container 'gone': it refuses (driver 'stubborn'); what the container 'gone' had of it is "
                + "forgotten, and may be left",
            ],
            _network.Remove.Execute("back", force: true));

        Assert.Empty(_network.Sandbox.Networks.All());
        Assert.Empty(_network.Sandbox.Attachments.On(_network.Row.Id));
    }

    [Fact]
    public void Network_whose_driver_is_uninstalled_goes_by_force_only()
    {
        _network.AddLeftover("a", "gone");
        _network.Driver.Uninstall();

        var failure = Assert.Throws<ContainerEngineException>(() => _network.Remove.Execute("back"));
        Assert.Equal("NetworkDriverNotFound", failure.ErrorId);
        Assert.Single(_network.Sandbox.Networks.All());

        var left = _network.Remove.Execute("back", force: true);
        Assert.Equal(2, left.Count);
        Assert.StartsWith("there is no network driver stubborn; ", left[0], StringComparison.Ordinal);
        Assert.EndsWith("the network 'back' is gone, its links and rules may be left", left[1], StringComparison.Ordinal);
        Assert.Empty(_network.Sandbox.Networks.All());
    }

    [Fact]
    public void Who_left_something_is_not_on_the_network()
    {
        _network.AddLeftover("a", "gone");
        _network.Add("b", "here", ContainerStatus.Running);

        Assert.Equal(["here"], _network.Users.NamesOn(_network.Row.Id));
    }

    [Fact]
    public void Network_takes_back_what_is_left_before_it_changes()
    {
        _network.AddLeftover("a", "gone");
        _network.Driver.Refuse();

        var failure = Assert.Throws<ContainerEngineException>(Change);
        Assert.Equal("NetworkDriverFailed", failure.ErrorId);
        Assert.Null(_network.Sandbox.Networks.Find(_network.Row.Id)!.Definition.Mtu);

        _network.Driver.Obey();
        Change();
        Assert.Equal(1400, _network.Sandbox.Networks.Find(_network.Row.Id)!.Definition.Mtu);
        Assert.Empty(_network.Sandbox.Attachments.On(_network.Row.Id));

        void Change() => _network.Change.Execute("back", new NetworkUpdate { Mtu = 1400 });
    }

    [Fact]
    public void Network_that_goes_while_somebody_waits_to_remove_or_change_it_is_not_found()
    {
        using var held = _network.Locks.Acquire(_network.Row.Id, "back", CancellationToken.None);
        var removal = AtOnceFailure(() => _network.Remove.Execute("back"));
        var change = AtOnceFailure(() => _network.Change.Execute("back", new NetworkUpdate { Mtu = 1400 }));
        Thread.Sleep(300);

        Assert.True(_network.Sandbox.Networks.TryRemove(_network.Row.Id));
        _network.Locks.Discard(_network.Row.Id);
        held.Dispose();

        Assert.Equal("NetworkNotFound", removal().ErrorId);
        Assert.Equal("NetworkNotFound", change().ErrorId);
    }

    [Fact]
    public void Change_waits_for_containers_that_are_being_attached()
    {
        using var attaching = _network.Locks.Share([(_network.Row.Id, "back")], CancellationToken.None);
        using var end = new CancellationTokenSource(300);

        Assert.ThrowsAny<OperationCanceledException>(() => _network.Change.Execute("back", new NetworkUpdate { Mtu = 1400 }, end.Token));

        Assert.Null(_network.Sandbox.Networks.Find(_network.Row.Id)!.Definition.Mtu);
    }

    [Fact]
    public void Labels_are_changed_while_a_container_is_on_the_network()
    {
        _network.Add("a", "here", ContainerStatus.Running);

        var changed = _network.Change.Execute(
            "back", new NetworkUpdate { Labels = new Dictionary<string, string> { ["team"] = "web" } });

        Assert.Equal("web", changed.Label["team"]);
        Assert.Equal(["here"], changed.Container);
    }

    [Fact]
    public void Repair_leaves_a_container_alone_that_is_just_starting()
    {
        var starting = _network.Add("a", "starting", ContainerStatus.Created);
        using (_network.Sandbox.Locks.TryAcquire(starting.Id))
        {
            Assert.Empty(_network.Repair.Execute("back", check: false));
            Assert.Single(_network.Sandbox.Attachments.Of(starting.Id));
        }

        Assert.Equal("what 'starting' had is not given back", Assert.Single(_network.Repair.Execute("back", check: false)).Problem);
        Assert.Empty(_network.Sandbox.Attachments.Of(starting.Id));
    }

    [Fact]
    public void Container_is_not_attached_anew_while_what_it_had_is_not_given_back()
    {
        var row = _network.Add("a", "web", ContainerStatus.Stopped);
        _network.Driver.Refuse();

        var failure = Assert.Throws<ContainerEngineException>(() => _network.Networking.Attach(
            row with { Settings = row.Settings with { Networks = [] } }, "/proc/self/ns/net", CancellationToken.None));

        Assert.Equal("NetworkDriverFailed", failure.ErrorId);
        Assert.Equal(
            "container 'web' cannot be attached: what it had before is not given back: network 'back' cannot detach the container 'web': "
            + "it refuses (driver 'stubborn'); Repair-ContainerNetwork back tries again",
            failure.Message);
    }

    [Fact]
    public void Ports_that_cannot_all_be_had_leave_those_that_there_were()
    {
        var web = _network.Add("a", "web", ContainerStatus.Running, "28080:80");
        var other = _network.Add("b", "other", ContainerStatus.Running, "29090:80");

        var failure = Assert.Throws<ContainerEngineException>(() => _network.Networking.Publish(
            web, [.. PortMapping.Parse("28081:80"), .. PortMapping.Parse("29090:81")], CancellationToken.None));

        Assert.Equal("PortInUse", failure.ErrorId);
        Assert.Equal(web.Id, Assert.Single(HoldersOf(28080)));
        Assert.Equal(other.Id, Assert.Single(HoldersOf(29090)));
        Assert.Empty(HoldersOf(28081));
    }

    private IEnumerable<string> HoldersOf(int port) =>
        _network.Sandbox.Attachments.PublishedAt("tcp", port).Select(published => published.Container);

    // Begins it on another thread; the result waits for its end.
    private static Func<ContainerEngineException> AtOnceFailure(Action work)
    {
        var task = Task.Run(() => Assert.Throws<ContainerEngineException>(work));
        return () => task.GetAwaiter().GetResult();
    }
}
