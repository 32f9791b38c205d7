using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Manifests;
using static PsContainers.Plugins.Conformance.Expectation;

namespace PsContainers.Plugins.Conformance;

/// <summary>Tries a network driver: what it refuses, what it connects, and that it gives all of it back.</summary>
internal sealed class NetworkConformance(PluginManifest manifest, NetworkPlugin driver, CheckList list)
{
    private static readonly string[] _ofAttachments =
    [
        "plan decides an attachment", "plan refuses an address that is none", "attach connects a network namespace",
        "detach gives everything back", "detach can be repeated", "detach of what was planned only",
        "detach without the attachment's result", "detach of an attachment that was called off", "detach without the network namespace",
    ];

    // In the midst of the work of most drivers.
    private static readonly TimeSpan _untilCalledOff = TimeSpan.FromMilliseconds(2);

    private readonly HostState _host = HostState.Of(null);

    public void Run()
    {
        NetworkDefinition? network = null;
        list.Try("define fills in a network", () =>
        {
            network = driver.Define(TestNetwork.Wanted(manifest), []);
            return network.Subnets.Count == 0 ? "without subnets" : string.Join(", ", network.Subnets.Select(subnet => subnet.Subnet));
        });
        TryRefusals();
        if (network is null)
        {
            SkipAll("no network to try it with");
        }
        else
        {
            TryBesideOthers(network);
            TryAttachments(network);
        }

        list.Try("nothing is left on the host", () => Nothing(_host.Additions(), "left behind"));
    }

    private void TryRefusals()
    {
        var wanted = TestNetwork.Wanted(manifest);
        list.Try("define refuses an option that it doesn't know", () => Refused(() => driver.Define(
            wanted with { Options = new Dictionary<string, string>(wanted.Options) { ["psc-no-such-option"] = "1" } }, [])));
        list.Try("define refuses a subnet that is none", () => Refused(() => driver.Define(
            wanted with { Subnets = [new() { Subnet = "10.90.0.1/33" }] }, [])));
        list.Try("define changes nothing", () => Nothing(_host.Additions(), "made"));
    }

    private void TryBesideOthers(NetworkDefinition network)
    {
        const string name = "define leaves the subnets of other networks alone";
        if (network.Subnets.Count == 0 || manifest.Example?.Subnets is not null)
        {
            list.Skip(name, "it chooses none");
            return;
        }

        list.Try(name, () =>
        {
            var second = driver.Define(TestNetwork.Wanted(manifest) with { Name = "psc-test2" }, [network]);
            var own = network.Subnets.Select(subnet => AddressText.TryNetwork(subnet.Subnet)!.Value).ToList();
            return second.Subnets.FirstOrDefault(subnet => own.Exists(
                taken => AddressText.Overlap(taken, AddressText.TryNetwork(subnet.Subnet)!.Value))) is { } both
                ? throw new CheckFailure($"it chose {both.Subnet} although another network has it")
                : null;
        });
    }

    private void TryAttachments(NetworkDefinition network)
    {
        NetworkNamespace container;
        try
        {
            container = NetworkNamespace.Create();
        }
        catch (LinuxException e)
        {
            list.Try("a network namespace to try it in", () => throw e);
            SkipAll("no network namespace to try it in");
            return;
        }

        using (container)
        {
            var request = TestNetwork.Request(network, container.Path);
            AttachmentPlan? plan = null;
            list.Try(_ofAttachments[0], () =>
            {
                plan = driver.Plan(request);
                return Nothing(_host.Additions(), "made");
            });
            list.Try(_ofAttachments[1], () => Refused(() => driver.Plan(request with { Addresses = ["10.90.0.300/24"] })));
            if (plan is null)
            {
                SkipAll("no plan", from: 2);
                return;
            }

            TryAttachment(plan, container);
            TryOddDetachments(plan, container);
            TryCalledOff(plan, container);
        }

        TryWithoutNamespace(network);
    }

    private void TryAttachment(AttachmentPlan plan, NetworkNamespace container)
    {
        var empty = HostState.Of(container);
        AttachmentResult? result = null;
        list.Try(_ofAttachments[2], () =>
        {
            result = driver.Attach(plan, CancellationToken.None);
            return Connected(result, container);
        });
        var record = new AttachmentRecord { Plan = plan, Result = result };
        if (result is not null)
        {
            TryOptional(record);
        }

        list.Try(_ofAttachments[3], () =>
        {
            driver.Detach(record, CancellationToken.None);
            Nothing(empty.Additions(), "left in the network namespace");
            return Nothing(_host.Additions(), "left behind");
        });
        list.Try(_ofAttachments[4], () =>
        {
            driver.Detach(record, CancellationToken.None);
            return null;
        });
    }

    private void TryOptional(AttachmentRecord record)
    {
        var (ports, upkeep) = (driver.Ports, driver.Upkeep);
        if (ports is null)
        {
            list.Skip("publish changes the ports of an attachment", "it has not the capability ports");
        }
        else
        {
            list.Try("publish changes the ports of an attachment", () =>
            {
                ports.Publish(record, [new() { HostPort = 61231, ContainerPort = 80 }], CancellationToken.None);
                ports.Publish(record, [], CancellationToken.None);
                return null;
            });
        }

        if (upkeep is null)
        {
            list.Skip("check finds nothing wrong", "it has not the capability upkeep");
        }
        else
        {
            var network = record.Plan.Request.Network;
            list.Try("check finds nothing wrong", () => Nothing(upkeep.Check(network, [record], CancellationToken.None), "found"));
            list.Try("repair has nothing to do", () => Nothing(upkeep.Repair(network, [record], CancellationToken.None), "mended"));
        }
    }

    private void TryOddDetachments(AttachmentPlan plan, NetworkNamespace container)
    {
        var empty = HostState.Of(container);
        var record = new AttachmentRecord { Plan = plan };
        list.Try(_ofAttachments[5], () =>
        {
            driver.Detach(record, CancellationToken.None);
            return null;
        });
        list.Try(_ofAttachments[6], () =>
        {
            driver.Attach(plan, CancellationToken.None);
            driver.Detach(record, CancellationToken.None);
            Nothing(empty.Additions(), "left in the network namespace");
            return Nothing(_host.Additions(), "left behind");
        });
    }

    // So ends one, too, that takes longer than its time: the engine gives up on it, and whatever it had done has to go.
    private void TryCalledOff(AttachmentPlan plan, NetworkNamespace container)
    {
        var empty = HostState.Of(container);
        list.Try(_ofAttachments[7], () =>
        {
            using var stop = new CancellationTokenSource(_untilCalledOff);
            var words = "it was done before";
            try
            {
                driver.Attach(plan, stop.Token);
            }
            catch (OperationCanceledException)
            {
                words = $"after {_untilCalledOff.TotalMilliseconds} ms";
            }

            driver.Detach(new AttachmentRecord { Plan = plan }, CancellationToken.None);
            Nothing(empty.Additions(), "left in the network namespace");
            Nothing(_host.Additions(), "left behind");
            return words;
        });
    }

    private void TryWithoutNamespace(NetworkDefinition network) => list.Try(_ofAttachments[8], () =>
    {
        AttachmentPlan plan;
        AttachmentResult result;
        using (var container = NetworkNamespace.Create())
        {
            plan = driver.Plan(TestNetwork.Request(network, container.Path));
            result = driver.Attach(plan, CancellationToken.None);
        }

        var gone = plan with { Request = plan.Request with { NamespacePath = null } };
        driver.Detach(new AttachmentRecord { Plan = gone, Result = result }, CancellationToken.None);
        return Nothing(_host.Additions(), "left behind");
    });

    private void SkipAll(string why, int from = 0)
    {
        foreach (var name in _ofAttachments.Skip(from))
        {
            list.Skip(name, why);
        }
    }

    // The kernel has the last word on what a driver says it did.
    private static string? Connected(AttachmentResult result, NetworkNamespace container)
    {
        using var route = RouteSocket.Open(container);
        var link = route.FindLink(result.Interface)
            ?? throw new CheckFailure($"there is no link {result.Interface} in the network namespace");
        var addresses = route.Addresses(link.Index).Select(address => address.Address.ToString()).ToHashSet();
        return !link.IsUp
            ? throw new CheckFailure($"the link {result.Interface} is down")
            : result.Addresses.FirstOrDefault(address => !addresses.Contains(InterfaceAddress.Parse(address).ToString())) is { } missing
                ? throw new CheckFailure($"the link {result.Interface} has not the address {missing}")
                : string.Join(' ', [result.Interface, .. result.Addresses]);
    }
}
