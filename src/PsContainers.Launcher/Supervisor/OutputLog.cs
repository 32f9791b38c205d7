using PsContainers.Launcher.Host;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Supervisor;

/// <summary>The log file in CRI format: `2026-11-24T14:09:00.123456789Z stdout F text`, P for a part of a line that goes on.</summary>
/// <remarks>https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md</remarks>
internal static unsafe class OutputLog
{
    private const int PathBytes = 4096;
    private const int HeadBytes = 64;
    private const int BufferBytes = 16 * 1024;
    private const ulong LineAllowance = 1024 * 1024;

    internal static int Open(Plan plan) => Kernel.Open(
        Kernel.AtFdCwd, plan.At(plan.Header->LogPath), Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_APPEND, 0x1a0);

    /// <summary>Appends what one read brought; all lines of it share its time.</summary>
    internal static void Append(
        ref SupervisedContainer container, ref OutputStream stream, ReadOnlySpan<byte> name, byte* bytes, int length)
    {
        if (container.Log < 0)
        {
            return;
        }

        var head = stackalloc byte[HeadBytes];
        var time = new Text(head, HeadBytes);
        Timestamp.Add(Kernel.RealTime(), ref time);
        time.Add(" "u8);
        time.Add(name);

        var buffer = stackalloc byte[BufferBytes];
        var used = 0;
        var rest = new ReadOnlySpan<byte>(bytes, length);
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var take = Math.Min(end < 0 ? rest.Length : end, BufferBytes - HeadBytes - 8);
            var isWhole = take == end;
            if (used + time.Length + take + 8 > BufferBytes)
            {
                Write(ref container, buffer, ref used);
            }

            var line = new Text(buffer + used, BufferBytes - used);
            line.Add(new ReadOnlySpan<byte>(head, time.Length));
            line.Add(isWhole ? " F "u8 : " P "u8);
            line.Add(rest[..take]);
            line.Add("\n"u8);
            used += line.Length;
            stream.IsInsideLine = !isWhole;
            rest = rest[(isWhole ? take + 1 : take)..];
        }

        Write(ref container, buffer, ref used);
        RotateWhenFull(ref container);
    }

    /// <summary>
    /// Ends a line that the container began and never ended: the next run's first line would otherwise be its continuation.
    /// </summary>
    internal static void EndLine(ref SupervisedContainer container, ref OutputStream stream, ReadOnlySpan<byte> name)
    {
        if (stream.IsInsideLine)
        {
            var end = (byte)'\n';
            Append(ref container, ref stream, name, &end, 1);
        }
    }

    // A full disk must not stop the container: what cannot be logged is lost, what is attached still gets it.
    private static void Write(ref SupervisedContainer container, byte* buffer, ref int used)
    {
        if (Kernel.WriteAll(container.Log, buffer, used) >= 0)
        {
            container.LogSize += used;
        }

        used = 0;
    }

    private static void RotateWhenFull(ref SupervisedContainer container)
    {
        // A line stays in one file if it ends soon; a log without any line end must not grow for ever either.
        var header = container.Process.Plan.Header;
        var isInsideLine = container.Output.IsInsideLine || container.Error.IsInsideLine;
        var limit = header->LogLimit + (isInsideLine ? LineAllowance : 0);
        if (header->LogLimit == 0 || (ulong)container.LogSize < limit)
        {
            return;
        }

        var from = stackalloc byte[PathBytes];
        var to = stackalloc byte[PathBytes];
        for (var number = (int)header->LogFiles; number > 0; number--)
        {
            var older = Name(container.Process.Plan, number, to);
            var newer = Name(container.Process.Plan, number - 1, from);
            Kernel.Rename(newer, older);
        }

        if (header->LogFiles == 0)
        {
            Kernel.Remove(Kernel.AtFdCwd, container.Process.Plan.At(header->LogPath), 0);
        }

        Kernel.Close(container.Log);
        container.Log = Open(container.Process.Plan);
        container.LogSize = 0;
    }

    private static byte* Name(Plan plan, int number, byte* buffer)
    {
        var path = new Text(buffer, PathBytes);
        path.Add(plan.At(plan.Header->LogPath));
        if (number > 0)
        {
            path.Add("."u8);
            path.Add(number);
        }

        return path.Pointer;
    }
}
