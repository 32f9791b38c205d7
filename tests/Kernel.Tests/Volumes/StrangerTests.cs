using System.Diagnostics;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Volumes;

/// <summary>Volumes of drivers that are not ours: a plugin that was written for Docker, and the example in Python.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class StrangerTests(TestHost host) : VolumeTest(host)
{
    private readonly HashSet<string> _registered = [];
    private Process? _peer;

    [Fact]
    public void Containers_share_a_volume_of_a_docker_plugin_which_is_told_of_each_of_them()
    {
        Begin("peer");
        Make("data", "peer");
        var first = Start("echo shared > /data/x; sleep 600", Volume("data:/data"));
        WaitUntil(() => Say("cat /data/x 2> /dev/null; true", Volume("data:/data")) == "shared", "the file is not seen");

        Assert.Equal(1, Mounted("Mount") - Mounted("Unmount"));
        Services.StopContainer.Execute(first.Id, TimeSpan.Zero);
        Assert.Equal(0, Mounted("Mount") - Mounted("Unmount"));
        Assert.Equal("shared", Say("cat /data/x", Volume("data:/data")));
    }

    [Fact]
    public void A_plugin_that_hangs_at_the_end_of_a_container_keeps_nobody_else_waiting()
    {
        Begin("peer");
        Make("unmount-hang", "peer");
        var container = Start("sleep 600", Volume("unmount-hang:/data"));
        HostCommand.Run("/bin/kill", "-9", ParentOf(container.ProcessId!.Value)).Text();

        var patience = Stopwatch.StartNew();
        WaitUntil(() => Services.GetContainer.Execute(container.Id).Status == ContainerStatus.Stopped, "it does not end");

        Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), $"it took {patience.Elapsed}, and the plugin may take 30 s for one call");
        Assert.Contains("slow", Services.GetContainer.Execute(container.Id).Error, StringComparison.Ordinal);

        Return();
        Services.RemoveContainer.Execute(container.Id);
        Assert.Empty(Look("unmount-hang").Container);
    }

    [Fact]
    public void A_plugin_that_is_gone_is_said_and_nothing_is_made()
    {
        Begin("peer");
        Make("data", "peer");
        End();

        var error = Refused(() => Run("true", Volume("data:/data")), "VolumeDriverFailed");

        Assert.Contains("volume 'data' cannot be mounted for the container", error.Message, StringComparison.Ordinal);
        Assert.Empty(Services.GetContainers.Execute());
        Return();
    }

    [Fact]
    public void A_volume_of_the_example_in_python_is_as_large_as_was_asked_for()
    {
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "needs a kernel with loop devices");
        Register(Path.Join(Repository.Root, "examples/ImageVolumeDriver"), "image");
        Make("small", "image", ("size", "16M"));

        Assert.Equal(
            ["1", "kept"],
            Run(
                "head -c 33554432 /dev/zero > /data/large 2> /dev/null; echo $?; rm /data/large; echo kept > /data/x; cat /data/x",
                Volume("small:/data")).Output);
        Assert.Equal("kept", Say("cat /data/x", Volume("small:/data")));
    }

    protected override void RemoveOwn()
    {
        try
        {
            foreach (var volume in Services.GetVolumes.Execute())
            {
                Services.RemoveVolume.Execute(volume.Id);
            }
        }
        finally
        {
            End();
            _registered.ToList().ForEach(Forget);
        }

        base.RemoveOwn();
    }

    private static string ParentOf(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
    }

    // A folder with plugin.json, and a process that listens. A tame one does nothing odd, whatever a volume is called.
    private void Begin(string name, bool isTame = false)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs python3");
        var folder = Directory.CreateDirectory(Path.Join(Folder, name)).FullName;
        var work = Directory.CreateDirectory(Path.Join(Folder, "work")).FullName;
        var socket = Path.Join(folder, "peer.sock");
        File.Delete(socket);
        File.WriteAllText(
            Path.Join(folder, "plugin.json"),
            $$"""
            {
              "name": "{{name}}", "version": "1.0.0", "contract": "1.1", "kinds": ["volume"], "transport": "docker-volume",
              "entry": { "socket": "{{socket}}" }
            }
            """);
        var program = Path.Join(Repository.Root, "tests/Plugins.DockerPeer/peer.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [program, work, "unix", socket]);
        if (isTame)
        {
            start.Environment["PEER_IS_TAME"] = "1";
        }

        _peer = Process.Start(start)!;
        WaitUntil(() => File.Exists(socket), "the plugin does not listen");
        Register(folder, name);
    }

    // It comes back as one that works, and without what was held against it.
    private void Return()
    {
        End();
        Forget("peer");
        Begin("peer", isTame: true);
    }

    private void Register(string folder, string name)
    {
        Services.Plugins.Register(folder);
        _registered.Add(name);
    }

    private void Forget(string name)
    {
        Services.Plugins.Unregister(name);
        _registered.Remove(name);
    }

    private void End()
    {
        if (_peer is { HasExited: false })
        {
            _peer.Kill();
            _peer.WaitForExit();
        }

        _peer?.Dispose();
        _peer = null;
    }

    private int Mounted(string call) => File.ReadLines(Path.Join(Folder, "work/calls"))
        .Count(line => line.StartsWith($"/VolumeDriver.{call} ", StringComparison.Ordinal));
}
