using PsContainers.Drivers;
using PsContainers.Plugins.Docker;

namespace PsContainers.Plugins.Tests.Docker;

public sealed class DockerDiscoveryTests : IDisposable
{
    private readonly DockerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Plugins_are_listed_by_the_file_that_Docker_finds_them_by()
    {
        using var peer = _sandbox.Start("sockets/one.sock");
        Spec("specs/two.spec", "unix:///run/two.sock");
        Spec("more/three.json", """{"Name":"other","Addr":"http://127.0.0.1:8080"}""");
        Spec("specs/note.txt", "nothing");

        var plugins = _sandbox.Host.List();

        Assert.Equal(["one", "two", "three"], plugins.Select(plugin => plugin.Name));
        Assert.Equal(
            [_sandbox.Root + "/sockets/one.sock", _sandbox.Root + "/specs/two.spec", _sandbox.Root + "/more/three.json"],
            plugins.Select(plugin => plugin.Path));
        Assert.All(plugins, plugin =>
        {
            Assert.Equal(("docker-volume", ContainerPluginStatus.Available, null), (plugin.Transport, plugin.Status, plugin.Version));
            Assert.Equal(["volume"], plugin.Kinds);
        });
        Assert.Empty(peer.Calls);
    }

    [Fact]
    public void The_first_file_of_a_name_has_it()
    {
        using var peer = _sandbox.Start("sockets/odd.sock");
        Spec("specs/odd.spec", "unix:///run/odd.sock");

        Assert.Equal(
            [ContainerPluginStatus.Available, ContainerPluginStatus.Shadowed], _sandbox.Host.List().Select(plugin => plugin.Status));
    }

    [Fact]
    public void A_plugin_folder_comes_before_Dockers_files_also_when_it_is_registered_later()
    {
        using var peer = _sandbox.Start("sockets/blue.sock");
        var folder = PluginSandbox.Add(_sandbox.Root, "registered", """
            {
              "name": "blue", "version": "1.0.0", "contract": "1.1", "kinds": ["volume"], "transport": "docker-volume",
              "entry": { "socket": "tcp://127.0.0.1:9" }
            }
            """);

        _sandbox.Host.Register(folder);

        Assert.Equal(
            [(folder, ContainerPluginStatus.Available), (_sandbox.Root + "/sockets/blue.sock", ContainerPluginStatus.Shadowed)],
            _sandbox.Host.List().Select(plugin => (plugin.Path, plugin.Status)));
    }

    [Fact]
    public void It_has_no_network_driver()
    {
        using var peer = _sandbox.Start();

        var error = Assert.Throws<DriverException>(() => _sandbox.Host.NetworkDriver("odd"));

        Assert.Equal("the plugin odd has no network driver; there are: none", error.Message);
    }

    [Theory]
    [InlineData("odd.spec", "", "\"\" is neither unix:// and a path nor tcp:// with a host and a port")]
    [InlineData("odd.spec", "unix://odd.sock", "is neither unix:// and a path")]
    [InlineData("odd.spec", "unix:///run/../etc", "is neither unix:// and a path")]
    [InlineData("odd.spec", "tcp://127.0.0.1", "is neither unix:// and a path")]
    [InlineData("odd.spec", "tcp://a:1/more", "is neither unix:// and a path")]
    [InlineData("odd.spec", "https://a:1", "is neither unix:// and a path")]
    [InlineData("odd.json", "{", "not JSON as it should be")]
    [InlineData("odd.json", "null", "Addr: missing")]
    [InlineData("odd.json", "{}", "Addr: missing")]
    [InlineData("odd.json", "{\"Addr\":7}", "not JSON as it should be")]
    [InlineData("odd.json", "{\"Addr\":\"https://a:1\",\"TLSConfig\":{}}", "TLSConfig: a plugin that wants TLS can't be spoken to")]
    [InlineData("Odd.spec", "tcp://a:1", "\"Odd\" can't be the name of a driver, which is 1 to 63 of a-z")]
    public void A_file_that_is_wrong_is_listed_with_the_reason(string file, string content, string reason)
    {
        Spec("specs/" + file, content);

        var plugin = Assert.Single(_sandbox.Host.List());

        Assert.Equal((Path.GetFileNameWithoutExtension(file), ContainerPluginStatus.Broken), (plugin.Name, plugin.Status));
        Assert.StartsWith($"{_sandbox.Root}/specs/{file}: ", plugin.Error, StringComparison.Ordinal);
        Assert.Contains(reason, plugin.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("odd.spec")]
    public void A_file_that_others_may_write_is_refused(string name)
    {
        Spec("specs/odd.spec", "tcp://a:1");
        var path = Path.Combine(_sandbox.Root, "specs", name);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite);

        Assert.Contains("its group or everybody may write to it", Assert.Single(_sandbox.Host.List()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_socket_is_as_good_as_the_socket()
    {
        using var peer = _sandbox.Start("elsewhere/run.sock");
        Directory.CreateDirectory(Path.Combine(_sandbox.Root, "sockets"));
        File.CreateSymbolicLink(Path.Combine(_sandbox.Root, "sockets/odd.sock"), "../elsewhere/run.sock");

        Assert.Equal("data", _sandbox.Driver().Define(Sample.Volume()).Name);
    }

    [Fact]
    public void A_file_in_the_place_of_a_socket_is_refused()
    {
        Spec("sockets/odd.sock", "");

        Assert.Equal($"{_sandbox.Root}/sockets/odd.sock: not a socket", Assert.Single(_sandbox.Host.List()).Error);
    }

    [Theory]
    [InlineData("/run/x.sock", "/run/x.sock")]
    [InlineData("unix:///run/x.sock", "/run/x.sock")]
    [InlineData("tcp://[::1]:80", "tcp://[::1]:80")]
    [InlineData("http://localhost:8080/", "tcp://localhost:8080")]
    [InlineData("tcp://user@a:1", null)]
    [InlineData("x.sock", null)]
    public void An_address_is_a_path_or_a_port(string text, string? expected)
    {
        Assert.Equal(expected, DockerAddress.TryParse(text)?.ToString());
    }

    [Fact]
    public void A_session_looks_where_Docker_does()
    {
        var folders = PluginPaths.FromEnvironment("/module/plugins", "/state", "/run").Docker;

        Assert.Equal(["/run/docker/plugins"], folders.Sockets);
        Assert.Equal(["/etc/docker/plugins", "/usr/lib/docker/plugins"], folders.Specs);
    }

    private void Spec(string file, string content)
    {
        var path = Path.Combine(_sandbox.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
