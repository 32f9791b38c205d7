using System.Diagnostics;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Plugins.Conformance;

/// <summary>Runs checks one after another, and keeps how each one went.</summary>
internal sealed class CheckList
{
    private readonly List<ContainerPluginCheck> _checks = [];

    public IReadOnlyList<ContainerPluginCheck> Checks => _checks;

    /// <param name="check">Returns what is worth saying, or throws <see cref="CheckFailure"/> or what a driver throws.</param>
    /// <returns>Whether it passed.</returns>
    public bool Try(string name, Func<string?> check)
    {
        var started = Stopwatch.GetTimestamp();
        var (outcome, message) = Outcome(check);
        _checks.Add(new ContainerPluginCheck
        {
            Name = name,
            Outcome = outcome,
            Message = message,
            Duration = Stopwatch.GetElapsedTime(started),
        });
        return outcome == ContainerPluginOutcome.Passed;
    }

    public void Skip(string name, string why) => _checks.Add(new ContainerPluginCheck
    {
        Name = name,
        Outcome = ContainerPluginOutcome.Skipped,
        Message = why,
        Duration = TimeSpan.Zero,
    });

    private static (ContainerPluginOutcome Outcome, string? Message) Outcome(Func<string?> check)
    {
        try
        {
            return (ContainerPluginOutcome.Passed, check());
        }
        catch (Exception e) when (e is DriverException or CheckFailure or LinuxException)
        {
            return (ContainerPluginOutcome.Failed, e.Message);
        }
    }
}
