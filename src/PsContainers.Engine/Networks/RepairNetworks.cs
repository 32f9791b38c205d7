using System.Globalization;
using PsContainers.Drivers;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Compares networks with the kernel, and mends what a flushed firewall, a crash or somebody's hand has done to them.</summary>
public sealed class RepairNetworks
{
    private readonly NetworkTable _networks;
    private readonly NetworkLookup _lookup;
    private readonly NetworkUsers _users;
    private readonly AttachmentTable _attachments;
    private readonly ContainerTable _containers;
    private readonly Reconciliation _reconciliation;
    private readonly AttachmentLeftovers _leftovers;
    private readonly NetworkLocks _locks;
    private readonly AttachmentRelease _release;
    private readonly NetworkDrivers _drivers;

    internal RepairNetworks(
        NetworkTable networks,
        NetworkLookup lookup,
        NetworkUsers users,
        AttachmentTable attachments,
        ContainerTable containers,
        Reconciliation reconciliation,
        AttachmentLeftovers leftovers,
        NetworkLocks locks,
        AttachmentRelease release,
        NetworkDrivers drivers)
    {
        _networks = networks;
        _lookup = lookup;
        _users = users;
        _attachments = attachments;
        _containers = containers;
        _reconciliation = reconciliation;
        _leftovers = leftovers;
        _locks = locks;
        _release = release;
        _drivers = drivers;
    }

    /// <summary>The names of all networks.</summary>
    public IReadOnlyList<string> Names() => [.. _networks.All().Select(row => row.Name)];

    /// <param name="check">Says what would be mended, and mends nothing.</param>
    /// <exception cref="ContainerEngineException">NetworkNotFound, NetworkDriverFailed</exception>
    public IReadOnlyList<ContainerNetworkProblem> Execute(string network, bool check, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(network);
        using var held = _locks.Acquire(row.Id, row.Name, cancellation);

        // Containers that have ended give back what they had.
        List<ContainerNetworkProblem> problems = [];
        var attachments = _users.Attached(row.Id).Where(attachment => !IsLeft(attachment, row.Name, check, problems)).ToList();
        var records = attachments.ConvertAll(Present);
        problems.AddRange(_drivers.Repair(row.Definition, records, check, cancellation).Select(Problem));
        if (!check)
        {
            GiveBackWhatWentMeanwhile(row.Id, attachments);
            var rest = _drivers.Repair(row.Definition, [.. _attachments.On(row.Id).Select(Present)], check: true, cancellation);
            problems.AddRange(rest.Select(problem => Problem(problem) with { IsRepaired = false }));
        }

        return problems;

        ContainerNetworkProblem Problem(string words) => new(row.Name, words, IsRepaired: !check);
    }

    private bool IsLeft(AttachmentRow attachment, string network, bool check, List<ContainerNetworkProblem> problems) =>
        _leftovers.TryDo(attachment, () => problems.Add(GiveBack(attachment, network, check)));

    private ContainerNetworkProblem GiveBack(AttachmentRow attachment, string network, bool check)
    {
        var words = $"what '{attachment.Request.ContainerName}' had is not given back";
        try
        {
            if (!check)
            {
                _release.One(attachment, namespacePath: null);
            }

            return new ContainerNetworkProblem(network, words, IsRepaired: !check);
        }
        catch (ContainerEngineException e)
        {
            return new ContainerNetworkProblem(network, $"{words}: {e.Message}", IsRepaired: false);
        }
    }

    // A container may end or leave while its attachment is mended, and must not be attached by that.
    private void GiveBackWhatWentMeanwhile(string network, List<AttachmentRow> mended)
    {
        var present = _attachments.On(network).Select(attachment => attachment.Container).ToHashSet();
        foreach (var gone in mended.Where(attachment => !present.Contains(attachment.Container)))
        {
            _release.One(gone, namespacePath: null);
        }
    }

    // The path that was kept was good for the call that attached it, and by now may lead to anything.
    private AttachmentRecord Present(AttachmentRow attachment)
    {
        var state = _containers.Find(attachment.Container) is { } row ? _reconciliation.Current(row).State : null;
        var path = state is null ? null : string.Create(CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/net");
        var plan = attachment.Record.Plan;
        return attachment.Record with { Plan = plan with { Request = plan.Request with { NamespacePath = path } } };
    }
}
