using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests;

/// <summary>What most tests want of the containers' rows.</summary>
internal static class ContainerTableExtensions
{
    /// <summary>Inserts a container for which no volume has to be made.</summary>
    internal static InsertOutcome Insert(this ContainerTable containers, ContainerRow row) =>
        containers.Insert(new ContainerDraft(row, []));
}
