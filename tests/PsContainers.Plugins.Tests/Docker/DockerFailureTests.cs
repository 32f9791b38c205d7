using System.Diagnostics;
using System.Net.Sockets;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Docker;

/// <summary>Docker plugins that are late, lie, die, or are not there.</summary>
public sealed class DockerFailureTests : IDisposable
{
    private readonly DockerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("hang", "plugin odd did not answer mountVolume within 0.5 seconds")]
    [InlineData("late", "plugin odd did not answer mountVolume within 0.5 seconds")]
    [InlineData("slow", "plugin odd did not answer mountVolume within 0.5 seconds")]
    [InlineData("text", "plugin odd answered VolumeDriver.Mount with what is not its JSON: hello there")]
    [InlineData("null", "plugin odd answered VolumeDriver.Mount with what is not its JSON: null")]
    [InlineData("list", "plugin odd answered VolumeDriver.Mount with what is not its JSON: {\"Mountpoint\": [\"/srv\"]}")]
    [InlineData("err", "plugin odd: VolumeDriver.Mount: no room [31m left")]
    [InlineData("fail", "plugin odd: VolumeDriver.Mount: no room left")]
    [InlineData("crash", "plugin odd answered VolumeDriver.Mount with HTTP 502: a mistake")]
    [InlineData("missing", "plugin odd has no call VolumeDriver.Mount")]
    [InlineData("large", "plugin odd answered VolumeDriver.Mount with more than 1048576 bytes")]
    [InlineData("nowhere", "plugin odd answered mountVolume with path: null is not a text")]
    [InlineData("up", "plugin odd answered mountVolume with path: \"/srv/../etc\": has a part that is empty, '.' or '..'")]
    public void Whatever_a_plugin_does_is_one_exception_with_clear_words(string oddity, string message)
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Impatient();
        var use = UseOf("mount-" + oddity);
        driver.Create(use.Record.Volume, default);

        var error = Assert.Throws<DriverException>(() => driver.Mounter!.Mount(use, default));
        driver.Mounter!.Unmount(new VolumeUseRecord { Use = use }, default);
        driver.Remove(use.Record, default);

        Assert.Equal(message, error.Message);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_sandbox.Paths.RunRoot, "odd/uses")));
    }

    [Fact]
    public void A_plugin_that_dies_in_a_mount_is_said_to_and_serves_again_when_it_is_back()
    {
        var use = UseOf("mount-die");
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        driver.Create(use.Record.Volume, default);

        var died = Assert.Throws<DriverException>(() => driver.Mounter!.Mount(use, default));
        peer.AwaitEnd();
        var gone = Assert.Throws<DriverException>(() => driver.Mounter!.Unmount(new VolumeUseRecord { Use = use }, default));
        using var next = _sandbox.Start("sockets/odd.sock");
        driver.Mounter!.Unmount(new VolumeUseRecord { Use = use }, default);
        driver.Remove(use.Record, default);

        Assert.StartsWith("plugin odd broke the connection before it answered VolumeDriver.Mount: ", died.Message,
            StringComparison.Ordinal);
        Assert.Equal($"plugin odd is not there: {_sandbox.Root}/sockets/odd.sock: Connection refused", gone.Message);
        Assert.Equal(DriverErrorKind.Unavailable, gone.Kind);
    }

    [Fact]
    public void A_mount_of_which_nobody_knows_is_taken_back_before_the_next_one()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Impatient();
        var use = UseOf("mount-late");
        driver.Create(use.Record.Volume, default);
        Assert.Throws<DriverException>(() => driver.Mounter!.Mount(use, default));
        Thread.Sleep(1000);

        Assert.Throws<DriverException>(() => driver.Mounter!.Mount(use, default));

        Assert.Equal((2, 1), (peer.Count("VolumeDriver.Mount"), peer.Count("VolumeDriver.Unmount")));
    }

    [Fact]
    public void A_mount_that_can_not_be_taken_back_is_told()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var use = UseOf("mount-proc");
        driver.Create(use.Record.Volume, default);
        var mounted = driver.Mounter!.Mount(use, default);

        var error = Assert.Throws<DriverException>(() =>
            driver.Mounter.Unmount(new VolumeUseRecord { Use = use, Result = mounted }, default));
        Assert.Throws<DriverException>(() => driver.Mounter.Unmount(new VolumeUseRecord { Use = use }, default));

        Assert.Equal("plugin odd: VolumeDriver.Unmount: not mounted", error.Message);
    }

    [Fact]
    public void A_caller_that_cancels_comes_back()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var use = UseOf("mount-hang");
        driver.Create(use.Record.Volume, default);
        using var canceled = new CancellationTokenSource(200);

        Assert.ThrowsAny<OperationCanceledException>(() => driver.Mounter!.Mount(use, canceled.Token));
    }

    [Fact]
    public void A_dead_socket_fails_at_once_and_holds_up_nobody_else()
    {
        DeadSocket();
        _sandbox.Plugins.AddPeer(PluginSandbox.AssemblyManifest("blue"));
        var started = Stopwatch.GetTimestamp();
        var driver = _sandbox.Driver();

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Volume()));
        var other = _sandbox.Host.NetworkDriver("blue").Define(Sample.Network(), []);

        Assert.Equal($"plugin odd is not there: {_sandbox.Root}/sockets/odd.sock: Connection refused", error.Message);
        Assert.Equal("blue", other.Name);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(8), "somebody waited for the 10 seconds of a start");
        Assert.Equal(ContainerPluginStatus.Broken, _sandbox.Host.List().Single(plugin => plugin.Name == "odd").Status);
    }

    [Fact]
    public void A_socket_that_a_file_names_and_that_is_not_there_is_called_that()
    {
        var specs = Directory.CreateDirectory(Path.Combine(_sandbox.Root, "specs")).FullName;
        File.WriteAllText(Path.Combine(specs, "odd.spec"), $"unix://{_sandbox.Root}/gone.sock");

        var error = Assert.Throws<DriverException>(() => _sandbox.Driver().Define(Sample.Volume()));

        Assert.Equal($"plugin odd is not there: {_sandbox.Root}/gone.sock: no such file", error.Message);
    }

    [Fact]
    public void After_three_failures_in_a_row_a_plugin_is_given_up_for_a_while()
    {
        DeadSocket();
        var driver = _sandbox.Driver();
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<DriverException>(() => driver.Define(Sample.Volume()));
        }

        using var peer = _sandbox.Start();
        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Volume()));

        Assert.StartsWith("plugin odd is not asked for ", error.Message, StringComparison.Ordinal);
        Assert.Contains(" more seconds, after 3 failures in a row; the last: plugin odd is not there: ", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(peer.Calls);
    }

    [Fact]
    public async Task A_call_that_hangs_holds_up_no_other_call_of_the_plugin()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var use = UseOf("mount-hang");
        driver.Create(use.Record.Volume, default);
        using var canceled = new CancellationTokenSource();
        var hanging = Task.Run(() => Assert.ThrowsAny<OperationCanceledException>(() => driver.Mounter!.Mount(use, canceled.Token)));

        driver.Create(Sample.Volume() with { Id = new string('e', 64) }, default);
        var isHanging = !hanging.IsCompleted;
        await canceled.CancelAsync();
        await hanging;

        Assert.True(isHanging);
    }

    [Theory]
    [InlineData("NetworkDriver", "plugin odd implements NetworkDriver, and no VolumeDriver")]
    [InlineData("VolumeDriver NetworkDriver", null)]
    public void A_plugin_for_something_else_is_refused(string implements, string? message)
    {
        using var peer = _sandbox.Start("sockets/odd.sock", implements.Split(' '));

        var error = Record.Exception(() => _sandbox.Driver().Define(Sample.Volume()));

        Assert.Equal(message, error?.Message);
    }

    [Fact]
    public void A_socket_of_somebody_else_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a file away");
        using var peer = _sandbox.Start();
        var socket = Path.Combine(_sandbox.Root, "sockets/odd.sock");
        var driver = _sandbox.Driver();
        using (var chown = Process.Start("chown", ["4711", socket]))
        {
            chown.WaitForExit();
        }

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Volume()));

        Assert.StartsWith($"{socket}: belongs to user 4711", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Single(_sandbox.Host.List()).Error);
        Assert.Empty(peer.Calls);
    }

    private static VolumeUse UseOf(string name) => Sample.Use() with
    {
        Record = new VolumeRecord { Volume = Sample.Volume() with { Name = name } },
    };

    // One that its plugin left behind.
    private void DeadSocket()
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.Root, "sockets"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_sandbox.Root, "sockets/here.sock")));
        File.Move(Path.Combine(_sandbox.Root, "sockets/here.sock"), Path.Combine(_sandbox.Root, "sockets/odd.sock"));
    }
}
