namespace PsContainers.Fuzz;

/// <summary>What came of one input.</summary>
/// <param name="Outcome">In words without the input's own.</param>
/// <param name="Failure">A defect; null when all is well.</param>
internal sealed record Attempt(string Outcome, Exception? Failure, TimeSpan Time, long Allocated)
{
    private const long MaximumAllocation = 4L * 1024 * 1024 * 1024;

    // Of the processor's time, so that it is the same on a machine that is busy.
    private static readonly TimeSpan _maximumTime = TimeSpan.FromSeconds(5);

    /// <summary>Two failures of the same kind at the same place are one.</summary>
    public string Signature => Failure is null
        ? ""
        : $"{Failure.GetType().Name} {(Failure is OracleException ? Oracle.Shape(Failure.Message) : "")}{Place(Failure)}";

    public static Attempt Of(FuzzTarget target, byte[] input)
    {
        var before = GC.GetTotalAllocatedBytes();
        var start = Environment.CpuUsage.TotalTime;
        var (outcome, failure) = Run(target, input);
        var (time, allocated) = (Environment.CpuUsage.TotalTime - start, GC.GetTotalAllocatedBytes() - before);
        failure ??= time > _maximumTime ? new OracleException($"it took {time.TotalSeconds:0.0} seconds")
            : allocated > MaximumAllocation ? new OracleException($"it allocated {allocated >> 20} MiB in all")
            : null;
        return new(outcome, failure, time, allocated);
    }

    private static (string Outcome, Exception? Failure) Run(FuzzTarget target, byte[] input)
    {
#pragma warning disable CA1031 // which exceptions may leave is what is tested
        try
        {
            return (target.Run(input), null);
        }
        catch (Exception e)
        {
            return ("", e);
        }
#pragma warning restore CA1031
    }

    private static string Place(Exception failure) => (failure.StackTrace ?? "").Split('\n')
        .Select(line => line.Trim().Split(" in ")[0])
        .FirstOrDefault(line => line.StartsWith("at PsContainers.", StringComparison.Ordinal)
            && !line.StartsWith("at PsContainers.Fuzz.Oracle", StringComparison.Ordinal)
            && !line.Contains("LinuxException.", StringComparison.Ordinal)) ?? "";
}
