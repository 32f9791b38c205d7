using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Gives back what a container has of networks. May be done twice.</summary>
internal sealed class AttachmentRelease(AttachmentTable table, NetworkDrivers drivers)
{
    /// <summary>After the end of a container, whose namespace and links are gone with it.</summary>
    /// <returns>
    /// What drivers could not give back: it stays in the store, addresses and ports with it, until the next start or
    /// <c>Repair-ContainerNetwork</c>.
    /// </returns>
    public IReadOnlyList<string> All(string container)
    {
        List<string> failures = [];
        foreach (var row in Enumerable.Reverse(table.Of(container)))
        {
            try
            {
                One(row, namespacePath: null);
            }
            catch (ContainerEngineException e)
            {
                failures.Add(e.Message);
            }
        }

        return failures;
    }

    /// <param name="namespacePath">The container's network namespace; null when it is gone.</param>
    public void One(AttachmentRow row, string? namespacePath)
    {
        var plan = row.Record.Plan;
        var record = row.Record with { Plan = plan with { Request = plan.Request with { NamespacePath = namespacePath } } };
        drivers.Detach(record, CancellationToken.None);
        table.Remove(row);
    }
}
