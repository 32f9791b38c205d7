namespace PsContainers.Engine.Tests;

/// <summary>Runs something on several threads that begin together, and throws what any of them threw.</summary>
internal static class AtOnce
{
    internal static void Run(int count, Action<int> action)
    {
        using var start = new Barrier(count);
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                action(number);
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
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }
}
