using System.Diagnostics;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>What comes true soon, but not at once.</summary>
internal static class Eventually
{
    internal static void Is(Func<bool> condition, int milliseconds = 5000)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.ElapsedMilliseconds < milliseconds, $"it did not come true within {milliseconds} ms");
            Thread.Sleep(2);
        }
    }
}
