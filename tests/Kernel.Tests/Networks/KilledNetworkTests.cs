using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Kernel.Tests.Security;
using PsContainers.Linux.Netlink;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>
/// A shell is killed at many of the system calls by which a driver changes the host. The next command succeeds, no address and no port is
/// lost, and when the container is gone nothing of it is left.
/// </summary>
public sealed class KilledNetworkTests(TestHost host) : NetworkTest(host)
{
    private const string Network = "front";
    private const string Name = "killed";
    private const string Address = "10.77.0.9";
    private const string Port = "8080:80";

    // What speaks to the kernel about links and rules, what changes names of files, and what starts and waits.
    private const string Changing = "sendto,sendmsg,mkdir,rename,unlink,rmdir,flock,setns,unshare,pwrite64,vfork,clone3";

    [Theory]
    [InlineData("Start", 6)]
    [InlineData("Stop", 5)]
    public void Killed_command_on_a_container_with_a_port_loses_nothing_and_leaves_nothing(string operation, int moments)
    {
        MakeNetwork();
        var calls = Trace(operation);
        var pictures = Picture();

        var killed = 0;
        foreach (var moment in KilledShell.Spread(calls, moments))
        {
            Prepare(operation);
            killed += KilledShell.RunTo(Host, Script(operation), moment) ? 0 : 1;
            KilledShell.About(moment, () =>
            {
                // The same address and the same port, which nobody gets who has not given them back.
                Host.RemoveContainers();
                Begin();
                Host.RemoveContainers();
                AssertNothingLeft(pictures);
            });
        }

        Assert.True(killed > moments / 2, $"{killed} of {moments} were killed");
    }

    [Theory]
    [InlineData("Make", 3)]
    [InlineData("Remove", 3)]
    public void Killed_command_on_a_network_leaves_one_that_is_whole_or_none(string operation, int moments)
    {
        var calls = Trace(operation);
        var pictures = Picture();

        foreach (var moment in KilledShell.Spread(calls, moments))
        {
            Prepare(operation);
            KilledShell.RunTo(Host, Script(operation), moment);
            KilledShell.About(moment, () =>
            {
                if (!HasNetwork())
                {
                    MakeNetwork();
                }

                Begin();
                Host.RemoveContainers();
                Services.RemoveNetwork.Execute(Network);
                AssertNothingLeft(pictures);
            });
        }
    }

    protected override void RemoveOwn()
    {
        // Whoever opens the store next collects what a killed removal left of a container.
        ContainerServices.Open(Host.Paths, Repository.Launcher).Dispose();
        base.RemoveOwn();
        Assert.Empty(Directory.EnumerateFiles(Host.Paths.Locks, "*.network"));
    }

    private static string Script(string operation) => operation switch
    {
        "Start" => $"$null = Start-Container {Name} -Image busybox -Network @{{ Network = '{Network}'; IPAddress = '{Address}' }} "
            + $"-Publish {Port} -Command sleep, 1000",
        "Stop" => $"Stop-Container {Name} -Timeout 0; Remove-Container {Name}",
        "Make" => $"$null = New-ContainerNetwork {Network} -Subnet 10.77.0.0/24",
        _ => $"Remove-ContainerNetwork {Network}",
    };

    private void Prepare(string operation)
    {
        switch (operation)
        {
            case "Stop":
                Begin();
                break;
            case "Make" when HasNetwork():
                Services.RemoveNetwork.Execute(Network);
                break;
            case "Remove" when !HasNetwork():
                MakeNetwork();
                break;
        }
    }

    // The calls of a whole run that are about networks: by what they are made on, or while they are.
    private List<SystemCallTrace.Entry> Trace(string operation)
    {
        Prepare(operation);
        var all = KilledShell.Trace(Host, Script(operation), Changing);
        Host.RemoveContainers();
        if (operation is "Make" or "Remove" && HasNetwork())
        {
            Services.RemoveNetwork.Execute(Network);
        }

        var about = all.FindIndex(IsAboutNetworks);
        return [.. all.Skip(about).Take(all.FindLastIndex(IsAboutNetworks) - about + 1).DistinctBy(entry => (entry.Call, entry.Number))];

        bool IsAboutNetworks(SystemCallTrace.Entry entry) =>
            entry.Text.Contains(Path.Join(Host.Paths.Run, "plugins"), StringComparison.Ordinal)
            || entry.Text.Contains("/locks/", StringComparison.Ordinal)
            || (entry.Call.StartsWith("send", StringComparison.Ordinal) && entry.Text.Contains("NETLINK", StringComparison.Ordinal));
    }

    private void MakeNetwork() => Make(Network, creation => creation with { Subnet = ["10.77.0.0/24"] });

    private bool HasNetwork() => Services.GetNetworks.Execute().Any(network => network.Name == Network);

    private void Begin()
    {
        var created = Services.CreateContainer.Execute(Creation(["sleep", "1000"], creation => creation with
        {
            Name = Name,
            RemoveOnExit = false,
            Networks = [new NetworkConnection { Network = Network, IPAddress = [Address] }],
            Ports = [.. PortMapping.Parse(Port)],
        }));
        Assert.Equal(ContainerStatus.Running, Services.StartContainer.Execute(created.Id).Status);
    }

    // What the driver can leave; of the rest the end of the test takes care.
    private List<string> Picture()
    {
        using var route = RouteSocket.Open();
        return
        [
            .. route.Links().Select(link => link.Name),
            .. route.Addresses().Select(address => $"{address}"),
            Rules(),
            .. new[] { "ip_forward", "ip_local_reserved_ports" }.Select(name => File.ReadAllText($"/proc/sys/net/ipv4/{name}")),
            .. Directory.EnumerateFileSystemEntries(
                Path.Join(Host.Paths.Run, "plugins"), "*", new EnumerationOptions { RecurseSubdirectories = true }),
        ];
    }

    private void AssertNothingLeft(List<string> before)
    {
        WaitUntil(() => !Picture().Except(before).Any(), $"left: {string.Join('\n', Picture().Except(before))}");
        if (HasNetwork())
        {
            Assert.Empty(Services.RepairNetworks.Execute(Network, check: true));
        }
    }
}
