using System.Globalization;

namespace PsContainers.Linux;

/// <summary>What <c>/proc/PID/stat</c> says of a process; a pid and its start time together name a process for good.</summary>
public sealed record ProcessStat(int Pid, string Command, char State, int ParentPid, ulong StartTime)
{
    /// <summary>Null when there is no such process (any more).</summary>
    public static ProcessStat? Of(int pid) =>
        WholeFile.TryReadText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")) is { } line ? Parse(line) : null;

    // proc_pid_stat(5): "pid (comm) state ppid … starttime(22) …"; comm may hold blanks and parentheses, so columns count from the last
    // one.
    public static ProcessStat Parse(string line)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        var columns = close < 0 ? [] : line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (open < 0 || columns.Length < 20)
        {
            throw new InvalidDataException($"process stat line '{line}' has too few columns");
        }

        return new ProcessStat(
            int.Parse(line.AsSpan(0, open), CultureInfo.InvariantCulture),
            line[(open + 1)..close],
            columns[0][0],
            int.Parse(columns[1], CultureInfo.InvariantCulture),
            ulong.Parse(columns[19], CultureInfo.InvariantCulture));
    }
}
