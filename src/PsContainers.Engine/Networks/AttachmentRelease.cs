using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Gives back what a container has of networks. May be done twice.</summary>
internal sealed class AttachmentRelease(AttachmentTable table, NetworkDrivers drivers, BriefCalls calls)
{
    /// <summary>After the end of a container, whose namespace and links are gone with it.</summary>
    /// <param name="isBrief">The caller came for something else: a driver that is slow does not keep him.</param>
    /// <returns>
    /// What drivers could not give back: it stays in the store, addresses and ports with it, until the next start or
    /// <c>Repair-ContainerNetwork</c>.
    /// </returns>
    public IReadOnlyList<string> All(string container, bool isBrief = false)
    {
        List<string> failures = [];
        foreach (var row in Enumerable.Reverse(table.Of(container)))
        {
            try
            {
                One(row, namespacePath: null, isBrief);
            }
            catch (ContainerEngineException e)
            {
                failures.Add(Words(row.Request.Network, e));
            }
        }

        return failures;
    }

    /// <param name="namespacePath">The container's network namespace; null when it is gone.</param>
    public void One(AttachmentRow row, string? namespacePath) => One(row, namespacePath, isBrief: false);

    /// <summary>Drops the record of an attachment that a driver could not give back, with its addresses and ports.</summary>
    /// <returns>What may be left in the kernel, in words.</returns>
    public string Forget(AttachmentRow row, ContainerEngineException failure)
    {
        table.Remove(row);
        return $"{failure.Message} (driver '{row.Request.Network.Driver}'); what the container '{row.Request.ContainerName}' had of it "
            + "is forgotten, and may be left";
    }

    // What a user can do about it: the driver may be mended, or installed again.
    private static string Words(NetworkDefinition network, ContainerEngineException failure) =>
        $"{failure.Message} (driver '{network.Driver}'); Repair-ContainerNetwork {network.Name} tries again";

    private void One(AttachmentRow row, string? namespacePath, bool isBrief)
    {
        var plan = row.Record.Plan;
        var record = row.Record with { Plan = plan with { Request = plan.Request with { NamespacePath = namespacePath } } };
        if (!isBrief)
        {
            drivers.Detach(record, CancellationToken.None);
            calls.Forgive(row.Request.Network.Driver);
        }
        else if (!calls.TryRun(row.Request.Network.Driver, stop => drivers.Detach(record, stop)))
        {
            throw NetworkErrors.DriverSlow(row.Request.Network, row.Request.ContainerName);
        }

        table.Remove(row);
    }
}
