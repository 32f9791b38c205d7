using PsContainers.Engine.Logs;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Reads what a container wrote, lazily; following blocks between lines.</summary>
public sealed class ReadLog
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;

    internal ReadLog(EnginePaths paths, ContainerLookup lookup)
    {
        _paths = paths;
        _lookup = lookup;
    }

    public IEnumerable<ContainerLogEntry> Execute(string container, LogQuery query, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        return Read(found.Id, found.Name, query, cancellation);
    }

    private IEnumerable<ContainerLogEntry> Read(string id, string name, LogQuery query, CancellationToken cancellation)
    {
        // In UTC, where no hour comes twice. A moment of no kind, as users type it, is local here; ToLocalTime would take it for UTC.
        var since = query.Since?.ToUniversalTime() ?? DateTime.MinValue;
        using var reader = new LogReader(_paths.LogOf(id), name);
        var entries = new Queue<ContainerLogEntry>();

        // Looked at before reading: what ended before has written everything.
        var isRunning = query.Follow && IsRunning(id);
        if (query.Tail is { } tail)
        {
            ReadTail(reader, entries, tail, since, isEnd: !isRunning);
        }

        while (true)
        {
            while (entries.TryDequeue(out var entry))
            {
                if (entry.Timestamp.ToUniversalTime() >= since)
                {
                    yield return entry;
                }
            }

            cancellation.ThrowIfCancellationRequested();
            if (reader.Read(entries))
            {
                continue;
            }

            if (!isRunning)
            {
                break;
            }

            cancellation.WaitHandle.WaitOne(_pause);
            cancellation.ThrowIfCancellationRequested();
            isRunning = IsRunning(id);
        }

        reader.End(entries);
        foreach (var entry in entries.Where(entry => entry.Timestamp.ToUniversalTime() >= since))
        {
            yield return entry;
        }
    }

    // Only the last lines stay; a line without an end counts when none can come any more.
    private static void ReadTail(LogReader reader, Queue<ContainerLogEntry> entries, int tail, DateTime since, bool isEnd)
    {
        while (reader.Read(entries))
        {
            Drop(entries, tail, since);
        }

        if (isEnd)
        {
            reader.End(entries);
        }

        Drop(entries, tail, since);
    }

    private static void Drop(Queue<ContainerLogEntry> entries, int tail, DateTime since)
    {
        while (entries.Count > Math.Max(tail, 0) || (entries.TryPeek(out var oldest) && oldest.Timestamp.ToUniversalTime() < since))
        {
            entries.Dequeue();
        }
    }

    private bool IsRunning(string id) => RunObservation.Of(_paths.RunDirectory(id)).Vitality is Vitality.Alive or Vitality.Starting;
}
