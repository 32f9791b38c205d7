namespace PsContainers.Engine.Tests;

/// <summary>Puts this process into another time zone for a while; no other test runs beside those that do so.</summary>
[CollectionDefinition(nameof(TimeZoneOfProcess), DisableParallelization = true)]
public sealed class TimeZoneOfProcess : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("TZ");

    internal TimeZoneOfProcess(string zone) => Set(zone);

    public void Dispose() => Set(_before);

    private static void Set(string? zone)
    {
        Environment.SetEnvironmentVariable("TZ", zone);
        TimeZoneInfo.ClearCachedData();
    }
}
