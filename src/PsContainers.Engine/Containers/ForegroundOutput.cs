using PsContainers.Engine.Logs;
using PsContainers.Linux;

namespace PsContainers.Engine.Containers;

/// <summary>Hands a container's output on, line by line as it comes, on the calling thread.</summary>
internal static class ForegroundOutput
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Returns when the container has closed both of its streams.</summary>
    public static void Copy(PipeEnd? first, PipeEnd? second, Action<ContainerOutputLine> output)
    {
        var standardOutput = new LineSplitter(text => output(new ContainerOutputLine(OutputStream.StandardOutput, text)));
        var standardError = new LineSplitter(text => output(new ContainerOutputLine(OutputStream.StandardError, text)));
        var buffer = new byte[BufferSize];
        while (first is not null || second is not null)
        {
            var ready = Readiness.Wait([first, second]);
            first = (ready & 1) != 0 ? Read(first!, buffer, standardOutput) : first;
            second = (ready & 2) != 0 ? Read(second!, buffer, standardError) : second;
        }
    }

    private static PipeEnd? Read(PipeEnd pipe, byte[] buffer, LineSplitter lines)
    {
        var read = pipe.Read(buffer);
        if (read == 0)
        {
            lines.End();
            return null;
        }

        lines.Add(buffer.AsSpan(0, read));
        return pipe;
    }
}
