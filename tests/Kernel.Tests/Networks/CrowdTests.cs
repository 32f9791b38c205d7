using System.Diagnostics;
using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>Many containers, many sessions, and sessions that are killed.</summary>
public sealed class CrowdTests(TestHost host) : NetworkTest(host)
{
    private const int Crowd = 200;
    private const int Sessions = 4;
    private const int Each = 8;
    private const int Networks = 20;
    private const int Moments = 12;

    private static readonly TimeSpan _longestMoment = TimeSpan.FromMilliseconds(240);

    [Fact]
    public void Two_hundred_containers_on_a_bridge_reach_each_other()
    {
        var server = Serve("hello", On("bridge", "8080:80"));
        var crowd = Enumerable.Range(1, Crowd - 1).Select(_ => Start("sleep 600", On("bridge"))).ToList();

        Assert.Equal(Crowd, crowd.Append(server).Select(container => container.Network[0].IPAddress[0]).Distinct().Count());
        var address = server.Network[0].IPAddress[0].Split('/')[0];
        Assert.Equal("hello", Inside(crowd[^1], $"timeout 3 wget -q -O- http://{address}/"));
        Assert.Equal("hello", Fetch("127.0.0.1", 8080));
    }

    [Fact]
    public void Sessions_that_start_at_once_never_get_the_same_address_or_port()
    {
        Make("shared");
        var started = new List<Container>();
        AtOnce(Sessions, _ =>
        {
            using var session = ContainerServices.Open(Host.Paths, Repository.Launcher);
            for (var i = 0; i < Each; i++)
            {
                var container = session.StartNewContainer.Execute(
                    Creation(["sleep", "600"], On("shared", "80", "81/udp")) with { RemoveOnExit = false });
                lock (started)
                {
                    started.Add(container);
                }
            }
        });

        Assert.Equal(Sessions * Each, started.Select(container => container.Network[0].IPAddress[0]).Distinct().Count());
        Assert.Equal(Sessions * Each, started.Select(container => container.Port[0].HostPort).Distinct().Count());
        Assert.Equal(Sessions * Each, started.Select(container => container.Port[1].HostPort).Distinct().Count());
    }

    [Fact]
    public void Sessions_that_make_networks_at_once_all_get_one()
    {
        var made = new List<ContainerNetwork>();
        using var start = new Barrier(Networks);
        AtOnce(Networks, number =>
        {
            using var session = ContainerServices.Open(Host.Paths, Repository.Launcher);
            session.GetNetworks.Execute("bridge");
            start.SignalAndWait(TimeSpan.FromSeconds(30));
            var network = session.CreateNetwork.Execute(new NetworkCreation { Name = $"network{number}" });
            lock (made)
            {
                made.Add(network);
            }
        });

        Assert.Equal(Networks, made.Select(network => network.Subnet[0].Subnet).Distinct().Count());
    }

    [Fact]
    public void A_session_killed_at_any_moment_of_a_start_keeps_neither_address_nor_port()
    {
        Start("sleep 600", On("bridge"));
        var mark = Path.Join(Host.Scratch, "mark");
        for (var moment = 0; moment < Moments; moment++)
        {
            File.Delete(mark);
            Kill(mark, _longestMoment * moment / Moments);

            // Whoever comes next finds it running, or not at all; either way all of it can be removed.
            foreach (var killed in Services.GetContainers.Execute().Where(container => container.Name == "killed"))
            {
                Services.RemoveContainer.Execute(killed.Id, force: true);
            }

            Services.RepairNetworks.Execute("bridge", check: false);
            Assert.Empty(Services.RepairNetworks.Execute("bridge", check: true));
            Assert.Single(Services.GetNetworks.Execute("bridge").Container);
            var next = Serve($"moment {moment}", On("bridge", "18080:80"));
            Assert.Equal($"moment {moment}", Fetch("127.0.0.1", 18080));
            Assert.Equal("10.90.0.3/16", next.Network[0].IPAddress[0]);
            Services.RemoveContainer.Execute(next.Id, force: true);
        }
    }

    private static void AtOnce(int count, Action<int> work)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }

    private void Kill(string mark, TimeSpan moment)
    {
        var command = $"[IO.File]::WriteAllText('{mark}', ''); "
            + "Start-Container killed -Image busybox -Command sleep,600 -Network bridge -Publish 18080:80";
        var warm = "$null = Get-ContainerNetwork; $null = Get-Container; ";
        using var session = HostCommand.Start(Repository.Shell, ["-NonInteractive", "-Command", warm + command], Host.Variables);
        WaitUntil(() => File.Exists(mark), "psc does not get to its command");
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < moment)
        {
            Thread.SpinWait(100);
        }

        session.Kill();
        session.WaitForExit();
    }
}
