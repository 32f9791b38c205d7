using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Who is on a network now, once those that have ended gave back what they had.</summary>
internal sealed class NetworkUsers(
    AttachmentTable table, ContainerTable containers, Reconciliation reconciliation, AttachmentLeftovers leftovers)
{
    /// <summary>The names of the containers that are attached, in their order.</summary>
    public IReadOnlyList<string> NamesOn(string network) =>
    [
        .. Attached(network)
            .Where(row => !leftovers.Contains(row))
            .Select(row => row.Request.ContainerName)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The names of all containers, running or not, that are to be on a network when they run.</summary>
    public IReadOnlyList<string> NamesMeaning(string network) =>
    [
        .. containers.All()
            .Where(row => row.Settings.Networks?.Any(connection => connection.Network == network) == true)
            .Select(row => row.Name),
    ];

    /// <summary>The attachments, those that are left over among them.</summary>
    public IReadOnlyList<AttachmentRow> Attached(string network)
    {
        foreach (var attached in table.On(network))
        {
            if (containers.Find(attached.Container) is { } row)
            {
                reconciliation.Current(row);
            }
        }

        return table.On(network);
    }
}
