namespace PsContainers.Fuzz;

/// <summary>One input, and what comes of it.</summary>
internal static class Replay
{
    /// <summary>False when it shows a defect.</summary>
    public static bool Show(FuzzTarget target, byte[] input)
    {
        target.Seeds();
        var attempt = Attempt.Of(target, input);
        Console.WriteLine(attempt.Failure?.ToString() ?? attempt.Outcome);
        Console.WriteLine($"{attempt.Time.TotalMilliseconds:0} ms, {attempt.Allocated / 1024} KiB allocated");
        return attempt.Failure is null;
    }
}
