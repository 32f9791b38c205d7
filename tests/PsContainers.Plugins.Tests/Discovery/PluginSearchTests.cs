using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Discovery;

public sealed class PluginSearchTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public PluginSearchTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void Plugins_are_listed_in_the_order_of_the_search_and_not_loaded()
    {
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("zebra"));
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("ant"), _sandbox.Second);

        var plugins = _host.List();

        Assert.Equal(["zebra", "ant"], plugins.Select(plugin => plugin.Name));
        Assert.All(plugins, plugin => Assert.Equal(ContainerPluginStatus.Available, plugin.Status));
        Assert.False(Directory.Exists(_sandbox.Paths.StateRoot));
    }

    [Fact]
    public void The_first_folder_wins_a_name_and_the_other_one_is_listed_as_shadowed()
    {
        var winner = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"), _sandbox.Second);

        var plugins = _host.List();

        Assert.Equal([ContainerPluginStatus.Available, ContainerPluginStatus.Shadowed], plugins.Select(plugin => plugin.Status));
        Assert.Equal($"the plugin in {winner} comes first", plugins[1].Error);
    }

    [Fact]
    public void A_broken_plugin_says_why_and_hides_no_other()
    {
        PluginSandbox.Add(_sandbox.First, "blue", "{");
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"), _sandbox.Second);

        var plugins = _host.List();

        Assert.Equal([ContainerPluginStatus.Broken, ContainerPluginStatus.Available], plugins.Select(plugin => plugin.Status));
        Assert.StartsWith("plugin.json of blue: not JSON", plugins[0].Error, StringComparison.Ordinal);
        Assert.Equal("blue", _host.NetworkDriver("blue").Name);
    }

    [Fact]
    public void An_entry_that_is_not_there_is_named()
    {
        PluginSandbox.Add(_sandbox.First, "blue", PluginSandbox.AssemblyManifest("blue").ToJsonString());

        var error = Assert.Throws<DriverException>(() => _host.NetworkDriver("blue"));

        Assert.StartsWith("plugin.json of blue: entry.assembly: there is no file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_executable_is_refused()
    {
        var folder = _sandbox.AddScript(PluginSandbox.ProcessManifest("blue", "run.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(folder, "run.sh"), UnixFileMode.UserRead);

        Assert.EndsWith("is not executable", Assert.Single(_host.List()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plugin.json")]
    [InlineData("PsContainers.Plugins.Peer.dll")]
    public void What_others_may_write_is_refused(string file)
    {
        var folder = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        var path = Path.Combine(folder, file);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupWrite);

        var plugin = Assert.Single(_host.List());

        Assert.Equal(ContainerPluginStatus.Broken, plugin.Status);
        Assert.Contains("its group or everybody may write to it", plugin.Error, StringComparison.Ordinal);
        Assert.StartsWith(Path.TrimEndingDirectorySeparator(path), plugin.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_that_others_may_write_is_refused()
    {
        var folder = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        var elsewhere = Directory.CreateDirectory(Path.Combine(_sandbox.Root, "open")).FullName;
        File.SetUnixFileMode(elsewhere, (UnixFileMode)0x1ff);
        var assembly = Path.Combine(folder, "PsContainers.Plugins.Peer.dll");
        File.Move(assembly, Path.Combine(elsewhere, "peer.dll"));
        File.CreateSymbolicLink(assembly, Path.Combine(elsewhere, "peer.dll"));

        Assert.StartsWith($"{elsewhere}: its group or everybody", Assert.Single(_host.List()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_is_unknown_is_refused_with_those_that_are_known()
    {
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        PluginSandbox.Add(_sandbox.First, "broken", "{");

        var error = Assert.Throws<DriverException>(() => _host.NetworkDriver("red"));

        Assert.Equal("there is no network driver red; there are: blue", error.Message);
    }

    [Fact]
    public void The_modules_folder_comes_before_those_of_the_variable_and_of_the_system()
    {
        Environment.SetEnvironmentVariable("PSCONTAINERS_PLUGIN_PATH", "/a: :/b/../c");
        try
        {
            var paths = PluginPaths.FromEnvironment("/module/plugins", "/state", "/run");

            Assert.Equal(["/module/plugins", "/a", "/c", "/etc/pscontainers/plugins", "/usr/lib/pscontainers/plugins"], paths.Folders);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PSCONTAINERS_PLUGIN_PATH", null);
        }
    }
}
