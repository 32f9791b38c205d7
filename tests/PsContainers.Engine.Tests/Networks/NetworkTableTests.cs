using PsContainers.Drivers;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

public sealed class NetworkTableTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    private NetworkTable Networks => _sandbox.Networks;

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Network_is_found_by_id_by_name_and_by_the_beginning_of_its_id()
    {
        var row = new NetworkRow(
            new NetworkDefinition
            {
                Id = Sample.Id("ab12"),
                Name = "back",
                Driver = "sample",
                Subnets = [new SubnetDefinition { Subnet = "10.90.0.0/24", Gateway = "10.90.0.1", Range = "10.90.0.128/25" }],
                HasIPv6 = true,
                IsInternal = true,
                HasNames = true,
                Interface = "psc-ab12",
                Mtu = 1400,
                Vlan = 7,
                Options = new Dictionary<string, string> { ["icc"] = "false" },
            },
            new Dictionary<string, string> { ["team"] = "web" },
            Sample.Time);
        Assert.True(Networks.TryAdd(row, []));

        using var session = _sandbox.OpenDatabase();
        var others = new NetworkTable(session);

        Assert.Equivalent(row, others.Find(row.Id), strict: true);
        Assert.Equivalent(row, others.FindByName("back"), strict: true);
        Assert.Equal([row.Id], others.FindByPrefix("ab", 2).Select(found => found.Id));
        Assert.Empty(others.FindByPrefix("ac", 2));
        Assert.Null(others.FindByName("BACK"));
    }

    [Fact]
    public void Network_that_was_made_without_all_others_in_sight_is_refused()
    {
        Assert.True(Networks.TryAdd(SampleNetwork.Network("a", "one"), []));

        Assert.False(Networks.TryAdd(SampleNetwork.Network("b", "two"), []));
        Assert.False(Networks.TryAdd(SampleNetwork.Network("b", "two"), [Sample.Id("a"), Sample.Id("c")]));
        Assert.False(Networks.TryAdd(SampleNetwork.Network("b", "one"), [Sample.Id("a")]));
        Assert.True(Networks.TryAdd(SampleNetwork.Network("b", "two"), [Sample.Id("a")]));
    }

    [Fact]
    public void Of_sessions_that_make_a_network_at_once_the_first_is_in_sight_of_the_second()
    {
        var isAdded = new bool[6];

        AtOnce.Run(isAdded.Length, number =>
        {
            using var database = _sandbox.OpenDatabase();
            isAdded[number] = new NetworkTable(database).TryAdd(SampleNetwork.Network($"{number:x4}", $"net{number}"), []);
        });

        Assert.Single(isAdded, added => added);
        Assert.Single(Networks.All());
    }

    [Fact]
    public void Network_with_a_container_on_it_is_neither_changed_nor_removed()
    {
        var row = SampleNetwork.Network("ab", "back");
        var web = _sandbox.Add(Sample.Container("a", "web"));
        Networks.TryAdd(row, []);
        _sandbox.Attachments.Write(() =>
        {
            _sandbox.Attachments.Add(SampleNetwork.Attachment(web, row));
            return true;
        });

        Assert.False(Networks.TryChange(row with { Definition = row.Definition with { Mtu = 1400 } }));
        Assert.False(Networks.TryRemove(row.Id));
        Networks.SetLabels(row with { Labels = new Dictionary<string, string> { ["a"] = "b" } });
        Assert.Equal("b", Networks.Find(row.Id)!.Labels["a"]);
        Assert.Null(Networks.Find(row.Id)!.Definition.Mtu);

        _sandbox.Attachments.Remove(_sandbox.Attachments.Find(web.Id, row.Id)!);

        Assert.True(Networks.TryChange(row with { Definition = row.Definition with { Mtu = 1400 } }));
        Assert.True(Networks.TryRemove(row.Id));
        Assert.Empty(Networks.All());
    }

    [Fact]
    public void Container_on_a_network_that_is_being_removed_is_on_none()
    {
        for (var round = 0; round < 20; round++)
        {
            var row = SampleNetwork.Network($"ab{round:x2}", "back");
            var web = _sandbox.Add(Sample.Container($"{round:x4}", $"web{round}"));
            Assert.True(Networks.TryAdd(row, []));
            var isRemoved = false;
            var isAttached = false;

            AtOnce.Run(2, number =>
            {
                using var database = _sandbox.OpenDatabase();
                if (number == 0)
                {
                    isRemoved = new NetworkTable(database).TryRemove(row.Id);
                    return;
                }

                var table = new AttachmentTable(database);
                isAttached = Record.Exception(() => table.Write(() =>
                {
                    table.Add(SampleNetwork.Attachment(web, row));
                    return true;
                })) is null;
            });

            Assert.NotEqual(isRemoved, isAttached);
            Assert.Equal(isAttached ? 1 : 0, _sandbox.Attachments.On(row.Id).Count);
            _sandbox.Attachments.On(row.Id).ForEach(_sandbox.Attachments.Remove);
            Networks.TryRemove(row.Id);
        }
    }
}
