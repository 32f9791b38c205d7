using System.Data.Common;

namespace PsContainers.Engine;

/// <summary>What undoes the steps so far, last first, unless <see cref="Commit"/> is reached.</summary>
/// <remarks>
/// An undo that fails is passed over: the failure that led here is the one to report, and the next session mends the rest.
/// </remarks>
internal sealed class Rollback : IDisposable
{
    private readonly Stack<Action> _undo = [];

    public void Add(Action undo) => _undo.Push(undo);

    public void Commit() => _undo.Clear();

    public void Dispose()
    {
        while (_undo.TryPop(out var undo))
        {
            try
            {
                undo();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or ContainerEngineException)
            {
                // Reconciliation finds it: its traces are the very ones that it looks for.
            }
        }
    }
}
