using Microsoft.Data.Sqlite;
using PsContainers.Engine.Tests.Networks;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>Sessions that were killed while a container joined or left a network, and drivers and stores that fail in the middle.</summary>
public sealed class HalfDoneTests(TestHost host) : NetworkTest(host)
{
    [Fact]
    public void A_connection_that_was_killed_before_the_settings_told_of_it_is_made_anew()
    {
        Make("back", network => network with { Subnet = ["10.99.7.0/24"] });
        var container = Start("sleep 600", On("None"));
        var before = SettingsOf(container);
        Connect("back", container, "10.99.7.77");
        SetSettings(container, before);

        var joined = Connect("back", container, "10.99.7.78");

        Assert.Equal(["10.99.7.78/24"], Assert.Single(joined.Network).IPAddress);
        Assert.Equal($"10.99.7.78\t{joined.Hostname} {joined.Name}", Inside(container, "grep 10.99.7 /etc/hosts"));
        Assert.DoesNotContain("10.99.7.77", Inside(container, "ip addr"), StringComparison.Ordinal);
        Assert.Contains("nameserver 10.99.7.1", Inside(container, "cat /etc/resolv.conf"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_was_killed_before_the_settings_told_of_it_is_taken_back()
    {
        Make("back", network => network with { Subnet = ["10.99.7.0/24"] });
        var container = Start("sleep 600", On("None"));
        var before = SettingsOf(container);
        Connect("back", container, "10.99.7.77");
        SetSettings(container, before);

        Services.DisconnectNetwork.Execute("back", container.Id);

        Assert.Equal("lo", Inside(container, "ls /sys/class/net"));
        Assert.Equal("", Inside(container, "grep 10.99.7 /etc/hosts /etc/resolv.conf"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_container_that_left_before_the_settings_told_of_it_leaves_or_joins_once_more(bool leaves)
    {
        Make("back", network => network with { Subnet = ["10.99.7.0/24"] });
        var container = Start("sleep 600", On("back"));
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "bridge" }, container.Id);
        var before = SettingsOf(container);
        Services.DisconnectNetwork.Execute("back", container.Id);
        Inside(container, "ip route del default");
        SetSettings(container, before);

        if (leaves)
        {
            var left = Services.DisconnectNetwork.Execute("back", container.Id);
            Assert.Equal(["bridge"], left.Network.Select(network => network.Network));
            Assert.StartsWith("default via 10.90.0.1", Inside(container, "ip route | grep default"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(["10.99.7.77/24"], Connect("back", container, "10.99.7.77").Network[1].IPAddress);
        }

        Assert.Equal(leaves ? "" : "1", Inside(container, "grep -c 10.99.7 /etc/hosts | grep -v 0"));
    }

    [Fact]
    public void A_connection_that_fails_leaves_no_line_in_the_containers_files()
    {
        Make("back", network => network with { Subnet = ["10.99.7.0/24"] });
        var container = Start("sleep 600", On("None"));
        var resolver = Path.Join(Host.Paths.RunDirectory(container.Id), "resolv.conf");
        File.Delete(resolver);
        Directory.CreateDirectory(resolver);

        Assert.Throws<UnauthorizedAccessException>(() => Connect("back", container, "10.99.7.77"));

        Assert.Equal("", Inside(container, "grep 10.99.7 /etc/hosts"));
        Assert.Equal("lo", Inside(container, "ls /sys/class/net"));
        Assert.Empty(Services.GetNetworks.Execute("back").Container);
    }

    [Fact]
    public void A_container_says_why_the_store_did_not_let_it_start()
    {
        var created = Services.CreateContainer.Execute(Creation(["sleep", "600"], On("bridge")) with { RemoveOnExit = false });
        Store("CREATE TRIGGER odd BEFORE INSERT ON attachment BEGIN SELECT RAISE(ABORT, 'an odd store'); END");
        try
        {
            var failure = Assert.Throws<ContainerEngineException>(() => Services.StartContainer.Execute(created.Id));

            Assert.Equal("ContainerStartFailed", failure.ErrorId);
            Assert.StartsWith(
                $"container '{created.Name}' cannot start: the store refuses what it needs: ", failure.Message, StringComparison.Ordinal);
            Assert.Equal(failure.Message, Services.GetContainer.Execute(created.Id).Error);
        }
        finally
        {
            Store("DROP TRIGGER odd");
        }
    }

    [Fact]
    public void A_network_whose_driver_is_gone_is_removed_by_force_from_under_a_running_container()
    {
        var plugins = Path.Join(Host.Scratch, "stubborn");
        var driver = new StubbornDriver(plugins);
        Services.Plugins.Register(Path.Join(plugins, StubbornDriver.Name));
        try
        {
            Make("odd", network => network with { Driver = StubbornDriver.Name });
            var container = Start("sleep 600", On("odd"));
            Assert.Equal([container.Name], Services.GetNetworks.Execute("odd").Container);
            driver.Uninstall();
            Services.Plugins.Unregister(Path.Join(plugins, StubbornDriver.Name));

            Assert.Equal("NetworkInUse", Assert.Throws<ContainerEngineException>(() => Services.RemoveNetwork.Execute("odd")).ErrorId);
            var left = Services.RemoveNetwork.Execute("odd", force: true);

            Assert.Equal(2, left.Count);
            Assert.Contains($"what the container '{container.Name}' had of it is forgotten", left[0], StringComparison.Ordinal);
            Assert.Contains("the network 'odd' is gone", left[1], StringComparison.Ordinal);
            Assert.Equal("None", Assert.Single(Services.GetContainer.Execute(container.Id).Network).Network);
            Assert.DoesNotContain(Services.GetNetworks.Execute(), network => network.Name == "odd");
        }
        finally
        {
            Directory.Delete(plugins, recursive: true);
        }
    }

    private Container Connect(string network, Container container, string address) => Services.ConnectNetwork.Execute(
        new NetworkConnection { Network = network, IPAddress = [address] }, container.Id);

    private string SettingsOf(Container container) => (string)Store("SELECT settings FROM container WHERE id = $1", container.Id)!;

    private void SetSettings(Container container, string settings) =>
        Store("UPDATE container SET settings = $2 WHERE id = $1", container.Id, settings);

    private object? Store(string sql, params string[] values)
    {
        using var connection = new SqliteConnection($"Data Source={Host.Paths.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return command.ExecuteScalar();
    }
}
