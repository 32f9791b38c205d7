using System.Diagnostics;

namespace PsContainers.Fuzz;

/// <summary>Makes an input smaller that still fails in the same way.</summary>
internal static class Minimizer
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Takes away halves, quarters and so on down to single bytes, until nothing can go or the time is up.</summary>
    public static byte[] Shrink(FuzzTarget target, byte[] input, string signature)
    {
        var clock = Stopwatch.StartNew();
        for (var piece = Math.Max(1, input.Length / 2); ; piece /= 2)
        {
            for (var start = 0; start < input.Length;)
            {
                if (clock.Elapsed > _patience)
                {
                    return input;
                }

                byte[] smaller = [.. input[..start], .. input[Math.Min(input.Length, start + piece)..]];
                if (Attempt.Of(target, smaller).Signature == signature)
                {
                    input = smaller;
                }
                else
                {
                    start += piece;
                }
            }

            if (piece == 1)
            {
                return input;
            }
        }
    }
}
