using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Discovery;

public sealed class RegistrationTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public RegistrationTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_registered_plugin_is_found_by_other_sessions_until_it_is_unregistered()
    {
        var folder = Elsewhere("blue");
        using var other = new PluginHost(_sandbox.Paths);

        var registered = _host.Register(folder + "/");
        var seen = other.List();
        other.Unregister("blue");

        Assert.Equal((folder, "blue"), (registered.Path, registered.Name));
        Assert.Equal(folder, Assert.Single(seen).Path);
        Assert.Empty(_host.List());
        Assert.Empty(Directory.GetFiles(_sandbox.Paths.StateRoot, "*.new"));
    }

    [Fact]
    public void A_plugin_is_registered_once()
    {
        var folder = Elsewhere("blue");

        _host.Register(folder);
        _host.Register(folder);

        Assert.Single(_host.List());
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        var owner = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        var folder = Elsewhere("blue");

        var error = Assert.Throws<DriverException>(() => _host.Register(folder));

        Assert.Equal($"plugin blue of {folder}: there is one of this name in {owner}", error.Message);
        Assert.Single(_host.List());
    }

    [Fact]
    public void What_is_broken_is_not_registered()
    {
        var folder = PluginSandbox.Add(_sandbox.Root, "blue", "{}");

        Assert.Throws<DriverException>(() => _host.Register(folder));

        Assert.Empty(_host.List());
    }

    [Fact]
    public void A_registered_plugin_that_is_gone_is_listed_and_can_be_unregistered()
    {
        var folder = Elsewhere("blue");
        _host.Register(folder);
        Directory.Delete(folder, recursive: true);

        var plugin = Assert.Single(_host.List());
        _host.Unregister(folder);

        Assert.Equal(ContainerPluginStatus.Broken, plugin.Status);
        Assert.Contains("No such file or directory", plugin.Error, StringComparison.Ordinal);
        Assert.Empty(_host.List());
    }

    [Fact]
    public void What_is_not_registered_can_not_be_unregistered()
    {
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));

        var error = Assert.Throws<DriverException>(() => _host.Unregister("blue"));

        Assert.Equal("plugin blue is not registered", error.Message);
    }

    [Fact]
    public void Several_sessions_register_at_once_and_nothing_is_lost()
    {
        var folders = Enumerable.Range(0, 8).Select(number => Elsewhere($"plugin{number}")).ToList();

        Parallel.ForEach(folders, folder =>
        {
            using var session = new PluginHost(_sandbox.Paths);
            session.Register(folder);
        });

        Assert.Equal(folders, _host.List().Select(plugin => plugin.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_list_that_is_damaged_is_not_overwritten()
    {
        Directory.CreateDirectory(_sandbox.Paths.StateRoot);
        File.WriteAllText(_sandbox.Paths.Registered, "{\"folders\":");
        var folder = Elsewhere("blue");

        var error = Assert.Throws<DriverException>(() => _host.Register(folder));

        Assert.StartsWith($"the list of registered plugins {_sandbox.Paths.Registered}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("{\"folders\":", File.ReadAllText(_sandbox.Paths.Registered));
        Assert.Empty(_host.List());
    }

    private string Elsewhere(string name) =>
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest(name), Directory.CreateDirectory(Path.Combine(_sandbox.Root, "else")).FullName);
}
